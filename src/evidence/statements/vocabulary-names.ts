/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
/** What people state about names: hosts, localhost, name caches, resolv.conf, lookups by place and by program. */
import { isAddress } from '../host-port.ts';
import { clausesOf, negated } from './statement.ts';
import { amount, clause, flag, rule, says, word, type Observed, type StatementRule } from './vocabulary.ts';

const addressesIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?:\d{1,3}\.){3}\d{1,3}|(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}/giu)].map((m) => m[0]).filter(isAddress);

/** 'etc_hosts: no localhost line', 'hosts_localhost: ::1 only', 'localhost_in_hosts: false', "hosts entry for the node's name: 127.0.1.1". */
const hostsFile = rule((s) => {
  const aboutHosts =
    /(?:^| )(?:etc )?hosts(?: file| entry| line)?(?: |$)|hosts ?文件/u.test(s.words) ||
    /\/etc\/hosts|hosts file|hosts 文件/u.test(`${s.key} ${s.value}`) ||
    /^localhost (?:entry|line|mapping|mapped to)s?\b/u.test(s.words);
  if (!aboutHosts) return [];
  // "127.0.0.1 entry was removed": the line of localhost, by its address.
  const gone =
    /(?:without|no|lacks?|missing)(?: any| the)? loopback (?:entr|line|mapping)|127\.0\.0\.1[^;]{0,30}(?:removed|deleted|missing|commented|lost|gone|absent)|(?:no|without|lacks?|removed|deleted) (?:the |a |any )?127\.0\.0\.1/u;
  const aboutLocalhost = s.text.includes('localhost') || gone.test(s.said);
  if (!aboutLocalhost) return [];
  const missing =
    s.yes === false && !s.said.includes('::1')
      ? true
      : /no|without|lacks?|missing|does not (?:have|contain|list|map)|not (?:in|listed|present|there|mapped)|removed|deleted|commented|absent|没有|缺/u.test(
          s.said,
        ) && !/no ipv4|without ipv4|lacks? (?:an )?ipv4/u.test(s.said);
  const v6only =
    /::1|ipv6|v6/u.test(s.text) &&
    /::1[^;]{1,60}\bonly\b|only[^;]{0,40}::1|only (?:the )?ipv6|ipv6[^;]{0,20}only|no (?:ipv4|127\.0\.0\.1)|(?:without|lacks?) (?:an? )?(?:ipv4|127\.0\.0\.1)|127\.0\.0\.1[^;]{0,40}(?:without|missing|no) (?:the )?(?:name )?localhost|仅 ?(?:ipv6|::1)/u.test(
      s.text,
    );
  if (v6only) return [['hosts.localhost', ['::1']]];
  const shown = addressesIn(s.value);
  if (shown.length > 0 && !missing) return [['hosts.localhost', shown]];
  if (missing) return [['hosts.localhost', []]];
  return s.yes === true ? [['hosts.localhost', ['127.0.0.1']]] : [];
});

/** 'localhost resolves to ::1', 'nslookup_localhost: answers with another address', 'getent_ahosts_localhost: ::1'. */
const localhost = rule((s) => {
  if (!s.text.includes('localhost') || /\bhosts file|\/etc\/hosts|etc hosts/u.test(s.text)) return [];
  const found: Observed[] = [];
  const asked =
    /(?:resolves?|look(?:s|ed)?[ -]?up|ask(?:s|ed)?|quer(?:y|ies|ied)|lookup)[^;]{0,60}localhost[^;]{0,60}(?:on|at|from|to|via|by|through) ((?:\d{1,3}\.){3}\d{1,3}|(?:the |a |an |its |our )?(?:[a-z-]{2,12} )?(?:dns|name ?server)(?: server)?)|localhost[^;]{0,60}(?:asked|looked up|queried|sent|resolved)[^;]{0,20}(?:from|at|on|to|by|through|via) ((?:\d{1,3}\.){3}\d{1,3}|(?:the |a |its )?(?:dns|name ?server|upstream))/u.exec(
      s.text,
    );
  const server = asked?.[1] ?? asked?.[2];
  if (server !== undefined) found.push(['lookup.localhost.asked-from-dns', addressesIn(server)[0] ?? 'dns']);
  const foreign =
    /(?:address|answer|ip)[^;]{0,30}(?:other than|different from|not|outside) (?:127|loopback|the loopback)|(?:non-loopback|public|foreign|routable|wrong|external) (?:address|ip)|回环以外|公网/u.test(
      s.said,
    ) ||
    // "nslookup localhost: answers with that address", "… the address of another machine".
    (/^(?:nslookup|dig|host|getent(?: a?hosts(?:v4)?)?|dns(?: answer| reply)?(?: for| of)?) localhost\b/u.test(s.words) &&
      /\b(?:another|other|that|its own|somebody|different|load ?balancer)\b[^;]{1,30}(?:address|ip|machine|host|server)|an (?:address|a record)/u.test(
        s.said,
      ));
  if (foreign) found.push(['lookup.localhost.foreign', true]);
  else if (
    server === undefined &&
    /resolv|getent|nslookup|dig|lookup|points? to|maps?|goes to|解析|指向|^localhost(?: address| ip)?$/u.test(s.text)
  ) {
    const shown = addressesIn(s.value);
    if (shown.length > 0 && !/other than|not |instead of|rather than/u.test(s.said)) {
      found.push(['lookup.localhost.addresses', shown]);
      if (shown.some((a) => !a.startsWith('127.') && a !== '::1')) found.push(['lookup.localhost.foreign', true]);
    }
  }
  // 'localhost.<search domain>: resolves', 'localhost.corp.example: 10.0.0.7'.
  const suffixed = /localhost\.(?:<[^>]+>|[a-z0-9-]+(?:\.[a-z0-9-]+)*)/u.exec(`${s.key.toLowerCase().replaceAll('_', ' ')} ${s.said}`)?.[0];
  if (
    suffixed !== undefined &&
    !/^localhost\.(?:localdomain|local)\b/u.test(suffixed) &&
    (s.yes === true || /resolves?|answers?|exists|points|has an? (?:a )?record|(?:\d{1,3}\.){3}\d/u.test(s.said)) &&
    !/nxdomain|does not|doesn't|not resolv|no record/u.test(s.said) &&
    s.yes !== false
  )
    found.push(['lookup.localhost.foreign', true]);
  // 'ip 10 1 2 3: the address of localhost.<search domain>'.
  if (
    /\b(?:address|record|ip) of localhost\.(?![a-z])|\b(?:address|record|ip) (?:of|for) localhost(?:\.[^ ;]+)? (?:in|from|by|below|at)\b/u.test(
      s.said,
    )
  )
    found.push(['lookup.localhost.foreign', true]);
  const record =
    /record|entry|exists/u.test(s.words) ||
    /\b(?:record|entry|host)\b[^;]{1,20}(?:for|named|called|of) ['"]?localhost|localhost['"]? (?:record|entry)/u.test(s.said);
  if (record && /dns|search|zone|domain/u.test(s.text) && s.yes !== false && !/\bno\b|without|nxdomain|not /u.test(s.said))
    found.push(['lookup.localhost.foreign', true]);
  return found;
});

/** 'ping localhost: unknown host': programs that read the hosts file do not find it there. */
const localhostUnknown = rule((s) =>
  /^(?:ping6?|getent(?: hosts| ahosts)?|curl|telnet|ssh|wget)(?: of| to)? localhost\b/u.test(s.words) &&
  /unknown host|could not resolve|cannot resolve|not found|no output|nothing|not known|no such host|bad address|无法解析/u.test(s.said)
    ? [['hosts.localhost', []]]
    : [],
);

/** 'curl 127.0.0.1:6443: works', 'curl localhost: hangs': which of the three ways works. */
const localhostWays = rule((s) => {
  if (
    !/curl|telnet|wget|\bnc\b|connect|health|request|dial|访问|^(?:with|via|using|over|by|to|at) (?:the name |the address )?(?:localhost|127 0 0 1|::1)/u.test(
      s.words,
    )
  )
    return [];
  const yes =
    s.yes ??
    (/hang|stall|refused|fails?|timeout|no route/u.test(s.said) ? false : /\bok\b|works|answers|200|正常/u.test(s.said) ? true : undefined);
  if (yes === undefined) return [];
  const key = s.key.toLowerCase();
  if (key.includes('127.0.0.1')) return [['localhost.ipv4-works', yes]];
  if (key.includes('::1')) return [['localhost.ipv6-works', yes]];
  if (!key.includes('localhost')) return [];
  return [['localhost.name-works', yes], ...(s.said.includes('::1') && !yes ? ([['localhost.ipv6-works', false]] as const) : [])];
});

/** 'dials [::1]:6443 and fails', 'cannot connect to ::1', '::1 is refused'. */
const ipv6Loopback = rule((s) => {
  if (!s.text.includes('::1') || /hosts|resolv|maps?|entry|line/u.test(s.words)) return [];
  const hit = clausesOf(s.said).find((c) => c.includes('::1'));
  if (hit === undefined || !/dial|connect|call|request|reach|talk|curl|access|try|tries|contact/u.test(`${s.words} ${s.said}`)) return [];
  return negated(s.said) || /no route|cannot assign|hangs?/u.test(s.said) ? [['localhost.ipv6-works', false]] : [];
});

const CACHE = /\bu?nscd\b|name (?:service )?cache daemon/u;
const nscd = rule((s) => {
  if (!CACHE.test(s.text)) return [];
  const found: Observed[] = [];
  const no =
    s.yes === false || /not (?:running|installed|active|present|there)|no (?:u?nscd|daemon|such)|stopped|disabled|没有|未/u.test(s.said);
  const remedy = /^(?:the )?(?:fix|cured? by|fixed by|solution|solved by|work ?around|remedy|resolved by)/u.test(s.words);
  if (remedy && /stop|restart|flush|invalidat|disabl|kill|remov|delet/u.test(s.said))
    found.push(['nscd.running', true], ['lookup.heals-on', 'daemon-restart']);
  else if (/hosts? cache|enable[- ]cache hosts|cache hosts/u.test(s.text)) found.push(['nscd.hosts-cache', !no]);
  else if (s.text.includes('socket') && /container|pod|inside|mount|容器/u.test(s.text)) found.push(['nscd.socket-in-container', !no]);
  else if (
    /(?:stop|restart|flush|invalidat|disabl|kill|removing|deleting|nscd -i)[^;]{0,40}(?:cures?|heals?|helps?|fix(?:es)?|works?|solves?|resolves?)|(?:cured|fixed|healed|solved)[^;]{0,40}(?:stop|restart|flush|invalidat)/u.test(
      s.text,
    )
  )
    found.push(['nscd.running', true], ['lookup.heals-on', /flush|invalidat|-i hosts/u.test(s.text) ? 'cache-flush' : 'daemon-restart']);
  else found.push(['nscd.running', !no]);
  return found;
});

/** Who resolves on this node: systemd-resolved, dnsmasq, unbound … */
const localResolver = rule((s) => {
  const name = /\b(systemd[- ]?resolved|^resolved(?=:)|dnsmasq|unbound|named|bind9?|pdns-recursor|avahi)\b/u
    .exec(s.text.replaceAll('_', ' '))?.[1]
    ?.replace(/systemd ?-?resolved|^resolved$/u, 'systemd-resolved');
  if (name === undefined || (name === 'bind' && !/dns|named/u.test(s.text))) {
    if (/(?:local|host|caching|own) [\w ]{0,20}(?:resolver|dns cache|dns server|caching)/u.test(s.words) && s.yes === true)
      return [
        ['local-resolver', 'caching resolver'],
        ['resolv.loopback-nameserver', true],
      ];
    return [];
  }
  if (name === 'avahi') return s.yes === false ? [] : [['process.avahi-daemon.running', true]];
  const off =
    s.yes === false || /not (?:running|active|used|installed)|disabled|stopped|inactive|uninstalled|removed|purged|未|没有/u.test(s.said);
  if (
    /^(?:resolved$|systemd[- ]?resolved|dnsmasq|unbound|named)\b|resolver|dns cache/u.test(
      s.words.replace('systemd resolved', 'systemd-resolved'),
    ) ||
    s.yes !== undefined ||
    /runs?|running|active|uses?|caching|运行/u.test(s.text)
  ) {
    const unit = name === 'systemd-resolved' ? 'systemd-resolved' : name;
    return off
      ? [[`unit.${unit}.active`, 'inactive']]
      : [
          ['local-resolver', name],
          [`unit.${unit}.active`, 'active'],
        ];
  }
  return [];
});

const startedBefore = rule((s) =>
  /(?:dnsmasq|resolver|unbound)[^;]{0,60}(?:start(?:s|ed)?|began)[^;]{0,20}before[^;]{0,40}(?:docker|bridge|docker0)|(?:restart(?:ing)? (?:of )?(?:dnsmasq|the resolver)|(?:dnsmasq|resolver) restart(?:ed)?)[^;]{0,40}(?:cures|helps|fixes|heals|solves)/u.test(
    s.text,
  )
    ? [['local-resolver.started-before-bridge', true]]
    : [],
);

/** 'resolv_conf: nameserver 127.0.0.53', 'nameservers: 4', 'resolv.conf: missing'. */
const resolvConf = rule((s) => {
  if (!/resolv ?conf|name ?servers?|(?:^| )dns servers?|名称服务器|dns 服务器/u.test(s.words) && !s.value.includes('/etc/resolv.conf'))
    return [];
  if (s.words.startsWith('kubelet') || s.words.includes('search'))
    return s.words.startsWith('kubelet') && /\b127\.0\.[01]\.\d{1,3}\b|loopback|\bstub\b|回环/u.test(s.said)
      ? [['resolv.loopback-nameserver', true]]
      : [];
  const found: Observed[] = [];
  const inContainer = /\b(?:pods?|containers?|coredns|images?)\b|容器/u.test(s.words);
  const shown = addressesIn(s.value);
  if (shown.length > 0 && !inContainer && !/upstream|forward|corefile/u.test(s.words)) {
    found.push(['nameservers.told', shown]);
    if (/resolv ?conf|name ?server/u.test(s.words)) {
      found.push(['resolv.loopback-nameserver', shown.some((a) => a.startsWith('127.') || a === '::1')]);
      if (shown.length > 1) found.push(['resolv.nameserver-count', shown.length]);
    }
  } else if (shown.length > 0 && inContainer) found.push(['resolv.container-nameservers', shown]);
  const count = /^(\d{1,2})(?: (?:name ?servers?|entries|lines))?$/u.exec(s.said)?.[1];
  if (count !== undefined) found.push(['resolv.nameserver-count', Number(count)]);
  if (/loopback|stub|127\.0\.0\.|回环/u.test(s.said) && s.yes !== false) found.push(['resolv.loopback-nameserver', true]);
  if (
    /missing|does not exist|not exist|absent|dangling|no such file|deleted|broken (?:sym)?link|不存在/u.test(s.said) ||
    (s.yes === false && s.words.includes('exist'))
  )
    found.push(inContainer ? ['resolv.container-missing', true] : ['resolv.missing', true]);
  if (/\bempty\b|no name ?servers?|without (?:a |any )?name ?servers?|为空/u.test(s.said)) found.push(['resolv.nameserver-count', 0]);
  const owner =
    /\b(networkmanager|network manager|dhclient|dhcpcd|cloud-init|resolvconf|netconfig|netplan|openvpn|vpn|systemd-networkd)\b/u.exec(
      s.said,
    )?.[1];
  if (owner !== undefined && /managed|written|rewritten|owner|overwritten|generated|by/u.test(s.text))
    found.push(['resolv.managed-by', owner]);
  return found;
});

const searchDomains = rule((s) => {
  if (
    /(?:remov|delet|drop|without|tak(?:e|ing) out|commenting)\w* (?:of )?(?:the )?(?:[\w.]+ ){0,3}search|search(?: line| domain| entry)? (?:was )?(?:removed|deleted|dropped)/u.test(
      s.text,
    ) &&
    /works?\b|resolv|cure|fix|heal|help|solve|gone|again|ok\b|恢复|正常/u.test(s.said) &&
    !/no effect|does not|still|not /u.test(s.said)
  )
    return [['lookup.heals-on', 'search-removed']];
  if (
    !/search (?:domains?|list|entry|suffix|path)|(?:resolv ?conf|dns) search|(?:^| )search(?: |$)|搜索域/u.test(s.words) &&
    !/search (?:domain|list|entry|suffix)|搜索域/u.test(s.said)
  )
    return [];
  const found: Observed[] = [];
  if (
    /foreign|somebody else|not (?:ours|owned)|public domain|another (?:company|domain|owner)|has a record (?:for )?localhost|record localhost/u.test(
      s.said,
    )
  )
    found.push(['resolv.search-foreign', true]);
  if (/record (?:for |named )?localhost|localhost record/u.test(s.said)) found.push(['lookup.localhost.foreign', true]);
  if (/wild ?card|answers? (?:every|any|all)|catch-?all|\*\.|泛解析|通配/u.test(s.text))
    found.push(['lookup.search-wildcard', s.yes !== false && !/\b(?:no|not|without|never)(?: an?| any| the)? wild ?card/u.test(s.text)]);
  if (/^['"]?\.['"]?$|lone dot|single dot|root domain|only a dot|search \.(?: |$)|点/u.test(s.said)) found.push(['resolv.search', ['.']]);
  if (/empty (?:answer|success|response)|no data|nodata|noerror|servfail|refused|no answer/u.test(s.said))
    found.push(['lookup.search-empty-answer', true]);
  const domains = [...s.value.matchAll(/(?:^|[ ,])((?:[a-z0-9-]+\.)+[a-z]{2,})(?=[ ,]|$)/giu)].map((m) => m[1] ?? '');
  if (domains.length > 0 && domains.join(' ').length > s.value.length / 2) found.push(['resolv.search', domains]);
  return found;
});

const wildcard = says(
  /wild ?card (?:dns|record|entry|zone|\*)|wild ?card (?:(?:in|of|on|for|at) (?:the )?)?(?:[a-z]+ )?(?:domain|zone)|(?:domain|zone)[^:;]{0,30} (?:has|is|with|uses) (?:an? )?(?:dns )?wild ?card|\*\.[a-z0-9.-]+ (?:record|resolves|answers)|(?:random|made-?up|any|every|nonexist\w+) (?:name|label|host)s?[^;]{0,40}(?:resolves?|answers?)|泛解析|通配符?(?:记录|解析)/u,
  ['lookup.search-wildcard', true],
);

/** Whose lookup: of the host, a container, a Go program, DNS tools, musl or glibc images. */
const lookups = rule((s) => {
  const text = s.text;
  const aboutNames =
    /look ?-?up|resolv|\bdns\b|nslookup|\bdig\b|getent|\bping (?:of|by|name|in|from|host|the name)|name (?:works|known)|解析|域名/u.test(
      text,
    ) || /^(?:alpine|busybox|musl|debian|ubuntu|centos|glibc)(?: based)?(?: images?| pods?| containers?)+$/u.test(s.words);
  if (
    !aboutNames ||
    /node to node|between|pod to pod|node ping|mtu|packet/u.test(s.words) ||
    /resolv ?conf|resolvers?\b(?! (?:works|fails))|hosts file|search domain/u.test(s.words) ||
    /\bby (?:the )?(?:ip|address)|\bip address|own (?:host ?)?name|\bof (?:the )?(?:host ?name|itself)|(?:^| )(?:own|its) hostname/u.test(
      s.words,
    )
  )
    return [];
  const yes =
    s.yes ??
    (/\b(?:works?|resolves?|answers?|ok|succeeds?|gets? (?:an )?answer|correct)\b|能解析|正常/u.test(s.said) &&
    !/not|fails?|cannot|no answer|不/u.test(s.said)
      ? true
      : /fails?|cannot|not resolve|no answer|\bno dns\b|no name resolution|without dns|unknown host|times? out|timeouts?|nxdomain|could not|无法|不能|失败|超时/u.test(
            s.said,
          )
        ? false
        : undefined);
  if (yes === undefined) return [];
  const w = s.words;
  const found: Observed[] = [];
  const inPod = /\b(?:pods?|containers?|alpine|busybox|debian image|images?|in cluster)\b|容器/u.test(w);
  if (/without (?:a )?(?:trailing |final |ending )?dot|no trailing dot/u.test(w)) found.push(['lookup.without-trailing-dot.works', yes]);
  else if (/(?:with|trailing|final|ending) (?:a |trailing |final )?dot|\bfqdn\b|absolute name|rooted/u.test(w))
    found.push(['lookup.trailing-dot.works', yes]);
  else if (/\b(?:alpine|musl|busybox)\b/u.test(w)) found.push(['lookup.musl.works', yes]);
  else if (/\b(?:glibc|(?:debian|ubuntu|centos|other)(?: based)? (?:images?|pods?|containers?))\b/u.test(w))
    found.push(['lookup.glibc.works', yes]);
  else if (/\bgo\b(?: program| lookup| resolver)?/u.test(w)) found.push(['lookup.go.works', yes]);
  else if (/cluster ?(?:local|names?)|svc|service names?|internal (?:cluster )?names?|kubernetes default/u.test(w) && inPod)
    found.push(['lookup.cluster-names.works', yes]);
  else if (/external|internet|public|outside|google|github|外部|公网/u.test(w) && !/host|node/u.test(w))
    found.push(['lookup.external-names.works', yes]);
  else if (/\b(?:dig|nslookup|drill)\b|dns (?:query|queries|tool|itself|server)/u.test(w))
    found.push([inPod ? 'lookup.container-dns.works' : 'lookup.dns.works', yes]);
  else if (inPod) found.push(['lookup.container.works', yes]);
  else if (/\b(?:hosts?|nodes?|command line|shell|ping|getent|curl|machine|server name|os|workers?|masters?)\b|节点|主机|宿主/u.test(w))
    found.push(['lookup.host.works', yes]);
  return found;
});

const nameKind = rule((s) => {
  if (!/host(?: ?name)?|url|server|name|domain|endpoint|k3s url/u.test(s.words) || /image|registr|mirror/u.test(s.words)) return [];
  const found: Observed[] = [];
  if (/\.local\b(?! domain)|\bmdns\b|bonjour|avahi|multicast dns/u.test(s.said) && !/cluster\.local|svc/u.test(s.said))
    found.push(['lookup.name-kind', 'mdns']);
  const name = /\b([a-z0-9-]+(?:\.[a-z0-9-]+)*\.local)\b/u.exec(s.said)?.[1];
  if (name !== undefined && !name.includes('cluster.local')) found.push(['lookup.name', name]);
  return found;
});

export const namesVocabulary: readonly StatementRule[] = [
  hostsFile,
  localhost,
  localhostUnknown,
  localhostWays,
  ipv6Loopback,
  nscd,
  localResolver,
  startedBefore,
  resolvConf,
  searchDomains,
  wildcard,
  lookups,
  nameKind,
  says(
    /nsswitch(?: ?\.?conf)?[^;]{0,40}(?:: |is |was )?(?:missing|absent|not there|does not exist|not exist|no such|false\b|不存在|缺)|(?:no|without(?: an?)?|lacks?(?: an?)?) (?:\/etc\/)?nsswitch/u,
    ['nsswitch.image-missing', true],
  ),
  rule((s) => {
    const hosts = s.words.includes('nsswitch')
      ? /(?:hosts: ?)?((?:(?:files|dns|myhostname|resolve|mymachines|mdns\w*|sss|nis|wins|db|compat)(?: ?\[[^\]]+\])? ?){1,8})(?:only)?$/u.exec(
          s.said,
        )?.[1]
      : undefined;
    return hosts === undefined ? [] : [['nsswitch.hosts', hosts.trim()]];
  }),
  says(/mdns4?(?:_minimal)?[^;]{0,30}(?:in nsswitch|notfound=return)|nsswitch[^;]{0,60}mdns/u, ['nsswitch.mdns', true]),
  rule((s) => {
    const seconds = /look ?-?ups?|resol|dns|解析/u.test(s.text)
      ? /(\d+(?:\.\d+)?) ?(?:(?:s|secs?|seconds?)\b|秒)/u.exec(s.said)?.[1]
      : undefined;
    if (seconds === undefined || !/delay|slow|takes?|late|wait|lat|extra|more|every|after|延迟|慢/u.test(s.text)) return [];
    return [['lookup.delay-seconds', Number(seconds)]];
  }),
  says(
    /(?:random(?! (?:name|label|host|sub))|sometimes|intermittent|now and then|occasional|some (?:of the )?look|sporadic|every (?:few|so)|\d+ ?% of)[^;]{0,60}|偶发|间歇/u,
    ['lookup.delay-random', true],
  ),
  says(
    /single[- ]request(?:[- ]reopen)?[^;]{0,40}(?:cures|helps|fixes|heals|solves|works|true|yes)|(?:cured|fixed|heals|helped) by[^;]{0,30}single-request/u,
    ['lookup.heals-on', 'single-request-reopen'],
  ),
  flag(/lookups? over tcp|use vc|dns over tcp|tcp dns/u, 'lookup.tcp.works'),
  amount(/ndots/u, 'resolv.ndots'),
  word(
    /kubelet (?:resolv ?conf|resolver)|resolv ?conf (?:of|for|used by) (?:the )?kubelet|resolv conf flag/u,
    'kubelet.resolv-conf',
    /(\/[\w./-]+|""|'')/u,
    (w) => w.replaceAll(/['"]/gu, ''),
  ),
  rule((s) => {
    const flagged = /kubelet|flag|argument|parameter/u.test(s.words) ? /--resolv-conf[= ]("?)([^ "]*)\1/u.exec(s.value)?.[2] : undefined;
    return flagged === undefined ? [] : [['kubelet.resolv-conf', flagged]];
  }),
  rule((s) => {
    if (!/upstream|forwarder/u.test(s.words) || s.yes === undefined) return [];
    if (/pods?|coredns|container/u.test(s.words)) return [['coredns.upstream-answers-pod', s.yes]];
    return /nodes?|hosts?/u.test(s.words) ? [['coredns.upstream-answers-node', s.yes]] : [];
  }),
  rule((s) =>
    /image|container os/u.test(s.words) && /\balpine\b|\bmusl\b|busybox/u.test(s.said) && s.yes === undefined
      ? [['container.told.libc', 'musl']]
      : [],
  ),
  flag(/kubelet resolv ?conf (?:exists|present)|(?:systemd resolve )?resolv conf exists/u, 'kubelet.resolv-conf.exists'),
  flag(/docker(?: daemon)? dns/u, 'docker.dns-set'),
  rule((s) => (/docker(?: daemon)? dns/u.test(s.words) ? [['docker.dns', s.yes === false ? [] : addressesIn(s.value)]] : [])),
  clause(
    /(?:first|primary|one) (?:name ?server|dns server)|(?:name ?server|dns server)s? (?:is |are )?(?:dead|silent|down|unreachable)/u,
    'resolv.first-nameserver.works',
  ),
  says(
    /(?:name ?servers?|dns servers?|views?)[^;]{0,60}(?:different (?:answers|views)|disagree|split[- ]horizon|internal and (?:public|external)|only one (?:of them )?knows)/u,
    ['resolv.servers-disagree', true],
  ),
];
