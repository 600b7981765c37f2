/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
/** What people state about firewalls, interfaces, paths between nodes and pods, ports, proxies and SSH. */
import { clausesOf, negated } from './statement.ts';
import { amount, clause, flag, rule, says, word, type Observed, type StatementRule } from './vocabulary.ts';

const firewalls = rule((s) => {
  const found: Observed[] = [];
  const off =
    s.yes === false ||
    /\b(?:stopped|disabled|inactive|off|not (?:running|active|installed|enabled)|no rules|flushed)|[停关未]/u.test(s.said);
  const on =
    s.yes === true ||
    /\b(?:running|active|enabled|on\b|default|started|den(?:y|ies)|drops?|dropping|blocks?|blocking|rejects?|hardened|restrictive)|启|运行|开/u.test(
      s.said,
    );
  const heals =
    /(?:stop|disabl|turn(?:ing)? off|flush|without|关闭|停止)[^;]{0,60}(?:cures?|heals?|helps?|fix(?:es|ed)?|works?|solves?|resolved|恢复|正常)|(?:cured|fixed|heals|solved|works|gone)[^;]{0,40}(?:stopp|disabl|off|flush|without)/u.test(
      s.text,
    );
  const named = /\bfirewalld\b/u.test(s.text) ? 'firewalld' : /\bufw\b/u.test(s.text) ? 'ufw' : undefined;
  const chain = /forward|input|policy|policies/u.test(s.words);
  if (named !== undefined && !(named === 'ufw' && chain)) {
    if (heals) found.push([`${named}.active`, true], ['firewall.heals-when-stopped', true]);
    else if (off) found.push([`${named}.active`, false]);
    else if (on || /^(?:firewalld|ufw)/u.test(s.words)) found.push([`${named}.active`, true]);
  } else if (/firewall|防火墙/u.test(s.words) && !/cloud|security|group|port/u.test(s.words)) {
    if (heals) found.push(['firewall.heals-when-stopped', true], ['firewall.active', true]);
    else if (off) found.push(['firewall.active', false], ['firewalld.active', false], ['ufw.active', false]);
    else if (on) found.push(['firewall.active', true]);
  } else if (heals && /firewall|iptables -f|iptables/u.test(s.text)) found.push(['firewall.heals-when-stopped', true]);
  return found;
});

/** 'iptables_FORWARD_policy: DROP (ufw default)', 'Chain INPUT (policy DROP)'. */
const policies = rule((s) => {
  const chain =
    /\b(forward|input|output)\b/u.exec(s.words)?.[1] ??
    /chain (forward|input|output)\b/u.exec(s.said)?.[1] ??
    /\b(forward|input|output)(?: chain)?(?:'s)?(?: default)? policy/u.exec(s.text)?.[1];
  // 'changed from ACCEPT to DROP': what it is now.
  const policy =
    /(?:\bto\b|->|→|\bnow\b) *['"`]?(drop|accept|reject)\b/u.exec(s.said)?.[1] ?? /\b(drop|accept|reject)\b/u.exec(s.said)?.[1];
  if (chain === undefined || policy === undefined || !/policy|policies|iptables|chain|ufw|firewall|默认|策略/u.test(s.text)) return [];
  return [
    [`iptables.policy.${chain.toUpperCase()}`, policy.toUpperCase()],
    ...(s.text.includes('ufw') && chain === 'forward' ? ([['ufw.forward-policy', policy.toUpperCase()]] as const) : []),
  ];
});

const backend = rule((s) => {
  if (!/iptables|nftables|nft\b|xtables|\blegacy\b/u.test(s.text)) return [];
  const found: Observed[] = [];
  const both = /\bboth\b|mixed|legacy and nft|nft and legacy|side by side|different back ?ends?|混用/u.test(s.said);
  const word = /\b(nf_tables|nftables|nft|legacy)\b/u.exec(s.said)?.[1];
  if (both) found.push(['iptables.backend', 'mixed']);
  else if (/image|container|pod|kube ?proxy|calico|cni/u.test(s.words) && word !== undefined)
    found.push(['iptables.backend-in-containers', word === 'legacy' ? 'legacy' : 'nft']);
  else if (/back ?end|mode|alternative|后端|^iptables$|variant|version/u.test(s.words) && word !== undefined && !/not|isn't/u.test(s.said))
    found.push(['iptables.backend', word === 'legacy' ? 'legacy' : 'nft']);
  const version =
    /iptables (?:version )?v?(\d\.\d+(?:\.\d+)?)/u.exec(s.text)?.[1] ??
    (/iptables version|iptables$/u.test(s.words) ? /v?(\d\.\d+(?:\.\d+)?)/u.exec(s.value)?.[1] : undefined);
  if (version !== undefined) found.push(['iptables.version', version]);
  if (
    /(?:switch|chang|update[- ]alternatives|set)[^;]{0,40}(?:to )?(?:iptables-)?legacy[^;]{0,60}(?:cures|helps|fixes|heals|solves|works)|(?:cured|fixed|heals|solved|helped)[^;]{0,40}legacy/u.test(
      s.text,
    )
  )
    found.push(['iptables.heals-with-legacy', true], ['iptables.backend', 'nft']);
  if (/counters?[^;]{0,40}(?:zero|0\b|do not (?:rise|move|grow)|stay)|packets?[^;]{0,20}(?:zero|: ?0\b)/u.test(s.said))
    found.push(['iptables.service-counters-zero', true]);
  if (/duplicate|thousands? of rules|same rule/u.test(s.text))
    found.push(['iptables.duplicate-rules', Number(/(\d{2,})/u.exec(s.value)?.[1] ?? 1000)]);
  if (
    /not installed|missing|absent|not found|no iptables|: (?:false|no|none)/u.test(s.text) &&
    /iptables(?: binary| installed| tool| package| command)?$|^iptables/u.test(s.words) &&
    s.yes !== true &&
    !/chain|rule|legacy/u.test(s.said)
  )
    found.push(['program.iptables.installed', false]);
  if (/docker chains?|chain docker|docker(?:'s)? nat/u.test(s.text) && (s.yes === false || /missing|gone|not there|flushed/u.test(s.said)))
    found.push(['iptables.docker-chain', false]);
  return found;
});

/** 'vxlan0_mtu: 1450', 'mtu: eth0 9000, flannel.1 1450', 'mtu of the tunnel is 1420'. */
const mtus = rule((s) => {
  if (!/\bmtu\b/u.test(s.text)) return [];
  const found: Observed[] = [];
  for (const m of s.value.matchAll(/\b([a-z][\w.@-]{1,14})(?: (?:has|is|interface|mtu|of))*[ =:]+(\d{3,5})\b/giu))
    if (!/^(?:mtu|is|has|of|and|bytes?|size)$/iu.test(m[1] ?? '')) found.push([`interface.${m[1] ?? ''}.mtu`, Number(m[2])]);
  for (const m of s.value.matchAll(/\b(\d{3,5}) (?:on|for|of|at) (?:the )?([a-z][a-z0-9.]{2,14})/giu))
    if (!/^(?:nodes?|hosts?|bytes?|all|each|both|every)$/iu.test(m[2] ?? '')) found.push([`interface.${m[2] ?? ''}.mtu`, Number(m[1])]);
  const lone = /^(\d{3,5})\b/u.exec(s.value)?.[1];
  const named = /^(.*?) ?mtu(?: (?:of )?(.+))?$/u.exec(s.key.replaceAll('_', ' '));
  if (lone !== undefined && named !== null) {
    const name = (named[1] ?? '') === '' ? (named[2] ?? '') : (named[1] ?? '');
    if (/path|between|real|actual/u.test(name)) found.push(['path.mtu', Number(lone)]);
    else
      found.push([
        `interface.${name === '' || /^(?:the )?(?:interface|nic|node|host|physical)s?$/u.test(name.trim()) ? 'default' : name.trim().replaceAll(' ', '-')}.mtu`,
        Number(lone),
      ]);
  }
  if (
    /(?:lower|reduc|decreas|chang|set)[^;]{0,30}mtu[^;]{0,40}(?:cures|helps|fixes|heals|solves|works)|(?:cured|fixed|heals)[^;]{0,40}mtu/u.test(
      s.text,
    )
  )
    found.push(['path.heals-with-smaller-mtu', true]);
  return found;
});

const largePackets = rule((s) => {
  if (/ping [\w ]*\bs ?[1-9]\d{3}/u.test(s.words) && s.yes === false) return [['path.large-packets-lost', true]];
  if (
    !/large|big|small|full-?size|df bit|fragment|jumbo|大包|ping -s|-s ?1\d{3}/u.test(s.text) ||
    !/packet|ping|request|transfer|payload|response|size|包/u.test(s.text)
  )
    return [];
  const lost =
    /lost|fail|drop|time ?out|hang|stall|no answer|vanish|never arrive|not pass|丢/u.test(s.text) ||
    (s.yes === false && /large|big|full/u.test(s.words));
  const small = /only small|small (?:packets|ones|requests) (?:pass|work|go)/u.test(s.text);
  if (lost || small) return [['path.large-packets-lost', true]];
  return s.yes === true && /large|big|full/u.test(s.words) ? [['path.large-packets-lost', false]] : [];
});

const offload = rule((s) => {
  const found: Observed[] = [];
  if (
    /(?:bad|wrong|incorrect|invalid|corrupt(?:ed)?|spoil(?:ed|s)|broken) (?:(?:inner|outer|udp|tcp|ip) )*(?:checksums?|cksum)|(?:checksums?|cksum)[^;,]{0,30}(?:errors?|incorrect|wrong|bad|invalid|corrupt|mismatch|spoil)|校验和错误/u.test(
      s.text,
    ) &&
    s.yes !== false
  )
    found.push(['path.bad-udp-checksum', true]);
  if (
    /(?:offload|tx-checksum|ethtool -k)[^;]{0,80}(?:cures|helps|fix(?:es|ed)|heals|solves|works|restores)|(?:cured|fixed|heals|solved|works)[^;]{0,60}(?:offload|tx-checksum|ethtool)/u.test(
      s.text,
    )
  )
    found.push(['path.heals-without-offload', true]);
  else if (/(?:\btx|offload|checksum)\b[^;:]{1,30}\boff\b/u.test(s.words) && /cures|helps|fix|heals|solves|works/u.test(s.said))
    found.push(['path.heals-without-offload', true]);
  else if (/offload|tx checksum/u.test(s.words)) {
    const on = s.yes ?? (/\bon\b|enabled/u.test(s.said) ? true : /\boff\b|disabled/u.test(s.said) ? false : undefined);
    const name =
      /\b(flannel\.1|vxlan\.calico|cilium_vxlan|eth\d|ens\d+|flannel-v4\.1)\b/u.exec(s.text.replace('flannel 1', 'flannel.1'))?.[1] ??
      'default';
    if (on !== undefined) found.push([`interface.${name}.tx-checksum`, on]);
  }
  return found;
});

const who = '(?:pods?|containers?|coredns)';
const NODES = '(?:nodes?|hosts?|machines?|servers?|vms?|workers?|masters?)';

/** Sentences about who reaches whom: each clause by itself. */
const paths = rule((s) => {
  const found: Observed[] = [];
  const body = /^(?:symptom|observation|note|effect|behaviou?r|result|remark|finding|test|现象|症状|备注)/u.test(s.words)
    ? s.said
    : s.yes === undefined
      ? s.said
      : `${s.words} ${s.said}`;
  for (const c of clausesOf(body)) {
    const works = !negated(c);
    const is = (p: string): boolean => new RegExp(p, 'u').test(c);
    if (
      is(
        `${NODES}(?: to |-to-| and ?-?)${NODES}|${NODES} (?:can )?(?:reach|ping|see|contact|connect to|talk to) (?:one another|each other|the other ${NODES}|other ${NODES}|directly)|(?:between|among) (?:the )?${NODES}(?!.*pod)|节点之间|节点间`,
      ) &&
      is('reach|ping|connect|traffic|communicat|talk|ok|work|fail|通|ssh|see')
    )
      found.push(['path.nodes-reach-nodes', works]);
    else if (
      is(
        `(?:${NODES}|from the host|host)[^,]{0,40}(?:ping|reach|curl|connect)[^,]{0,40}pod|ping(?:ing)?[^,]{0,50}(?:pod|10\\.42|10\\.244)[^,]{0,40}(?:from|on) (?:the |some )?${NODES}|(?:first|bridge) address of each pod range`,
      )
    )
      found.push(['path.host-reaches-pods', works]);
    else if (is(`(?:same|one|single|local|own)[- ]node`) && is('pod|traffic|service|connect|work|fail|reach'))
      found.push(['path.same-node-works', works]);
    else if (is('(?:cross|inter)[- ]node|across nodes|跨节点') && is('pod|traffic|overlay|vxlan|service'))
      found.push(['path.pods-reach-pods', works]);
    else if (
      is(
        `${who}[^,]{0,60}(?:reach|connect|communicat|ping|talk|access|resolve|contact|route)[^,]{0,60}(?:service|api|cluster ?ip|10\\.43|10\\.96|svc|kubernetes api)|(?:service|cluster ?ip|api)[^,]{0,60}(?:from|in|inside) ${who}`,
      )
    )
      found.push(['path.pods-reach-services', works]);
    else if (
      is(
        `${who}[^,]{0,40}(?:reach|communicat|ping|talk|connect)|(?:pod|container)[- ]to[- ]pod|(?:traffic|connectivity|communication|packets)[^,]{0,20} between ${who}|pod 之间|跨节点`,
      )
    )
      found.push([
        is('other nodes?|different nodes?|across nodes|another node|cross-node|跨节点|node to node') || !is('service|api')
          ? 'path.pods-reach-pods'
          : 'path.pods-reach-services',
        works,
      ]);
    else if (is('(?:reach|connect|access|contact)[^,]{0,40}(?:service|api service|kubernetes api|cluster ?ip)') && !works)
      found.push(['path.pods-reach-services', false]);
    else if (
      is(
        '(?:resolve|look up|lookups?)[^,]{0,20}(?:dns|names?)|dns (?:look-?ups?|resolution|queries)[^,]{0,40}(?:pods?|containers?|workers?|nodes?)|resolve dns|pod[^,]{0,20}解析|容器[^,]{0,20}解析',
      ) &&
      !works
    )
      found.push(['lookup.container.works', false]);
    if (
      is(
        '(?:some|one|certain|few) (?:of the )?(?:nodes?|workers?|hosts?)|(?:all|every) (?:of the )?(?:nodes?|workers?|hosts?)(?:,? (?:except|but))|except the first|only on|部分节点|某些节点|某个节点',
      ) &&
      !is('each other|one another')
    )
      found.push(['path.only-some-nodes', true]);
  }
  return found;
});

/** Overlay packets: seen at the sender, at the receiver. */
const overlay = rule((s) => {
  if (!/8472|4789|vxlan|udp|overlay|tcpdump|capture|encapsulat|wireguard|51820|隧道|抓包/u.test(s.text)) return [];
  const found: Observed[] = [];
  if (
    /(?:do(?:es)? not|never|not) arrive|(?:not|never) (?:seen|received|reach\w*)|nothing (?:arrives|received)|no (?:packets?|traffic)[^;]{0,40}(?:arriv|receiv|other|peer|target)|lost on the way|到达不了|未到达|收不到/u.test(
      s.text,
    )
  )
    found.push(['path.overlay-packets-arrive', false]);
  else if (
    /(?:packets?|traffic)[^;]{0,40}(?:arrives?|received|seen) (?:at|on|by) (?:the )?(?:other|receiver|peer|target|both|node|second|destination)/u.test(
      s.text,
    )
  )
    found.push(['path.overlay-packets-arrive', true]);
  const port = /\b(8472|4789|51820)\b/u.exec(s.text)?.[1];
  // A packet that is dropped for its checksum has arrived.
  const blocked =
    !/checksum|cksum/u.test(s.text) &&
    (/block|closed|not (?:open|allow(?:ed)?|permit(?:ted)?|contain|include)\b|dropped|filtered|missing|denied|未开放|不通/u.test(s.text) ||
      (s.yes === false && /open|reachable|allowed/u.test(s.words)));
  if (port !== undefined && blocked) found.push([`port.${port}.reachable`, false]);
  else if (port !== undefined && (s.yes === true || /\bopen(?:ed)?\b|allowed/u.test(s.said)) && !/after|cured|fix/u.test(s.said))
    found.push([`port.${port}.reachable`, true]);
  return found;
});

/** 'server_port_6443_reachable_from_node: false', 'port 10250 in use by old kubelet', 'nothing listens on 2379'. */
const ports = rule((s) => {
  const port =
    /(?:port|tcp|端口)[ :/]{0,3}(\d{2,5})\b/u.exec(`${s.words} ${s.said}`)?.[1] ??
    /\b(\d{2,5}) ?\/ ?tcp\b/u.exec(s.said)?.[1] ??
    /\b(6443|9345|2379|2380|10250|10248|443|22|8443|9099|10256)\b/u.exec(`${s.words} ${s.said}`)?.[1];
  if (port === undefined || Number(port) > 65_535) return [];
  const found: Observed[] = [];
  // 'port_443_of_the_service_address_from_pods': a Service is the node's own work, no port of another node.
  const ofService =
    port === '443' &&
    (/\b(?:service|cluster) ?(?:ip|address)|\bservices?\b|10[. ](?:43|96|152)[. ]/u.test(s.text) ||
      /\b(?:pods?|containers?)\b/u.test(s.text));
  const no =
    s.yes === false ||
    /block|clos|time[sd]? ?out|no answer|unreachable|not (?:open|reachable|allow(?:ed)?|permitted|answer|in (?:it|the)|listed|included|there|configured)|missing|dropped|filtered|refus|denied|cannot (?:reach|connect)|不通|未开放|无法/u.test(
      s.said,
    );
  if (
    /reach|open|answer|connect|block|firewall|security group|telnet|\bnc\b|access|allowed|from (?:the )?(?:node|agent|worker|master|host)|可达|开放|通/u.test(
      s.text,
    ) &&
    !/in use|listen|owner|held|occupied|占用/u.test(s.text)
  ) {
    // A refusal comes from the machine itself: nothing listens there, which no firewall between the nodes explains.
    const refused = s.text.includes('refus') && !/block|filter|drop|firewall|no answer|time[sd]? ?out/u.test(s.text);
    if (ofService) {
      const works = no ? false : s.yes;
      if (works !== undefined) found.push(['path.pods-reach-services', works]);
    } else if (refused) found.push([`port.${port}.listening`, false]);
    else if (no) found.push([`port.${port}.reachable`, false]);
    else if (s.yes === true || /\b(?:reachable|open|answers?|works?|connected|succeeds?)\b/u.test(s.said))
      found.push([`port.${port}.reachable`, true]);
  }
  const by = /\bby (?:an? |the |another |old |earlier |previous )*([a-z][\w.-]{1,40})/u.exec(`${s.words}: ${s.said}`)?.[1];
  const named =
    /^(?:tcp )?port \d+(?: (?:owner|in use by|used by|held by|listener))?$/u.test(s.words) && s.yes === undefined
      ? /^(?:an? |the |another )?([a-z][\w. -]{1,40})$/u.exec(s.said)?.[1]
      : undefined;
  if (/in use|used by|held by|taken|occupied|owner|占用/u.test(s.text) && s.yes !== false)
    found.push([`port.${port}.owner`, named ?? by ?? (s.yes === undefined ? s.value : 'another process')]);
  else if (named !== undefined && !/open|closed|block|reach|listen|refus|timeout|filtered/u.test(s.said))
    found.push([`port.${port}.owner`, named]);
  if (
    /(?:nothing|no (?:process|one|listener)|nobody)[^;]{0,20}listen|not listening|没有监听/u.test(s.text) ||
    (s.words.includes('listen') && s.yes === false)
  )
    found.push([`port.${port}.listening`, false]);
  else if (s.text.includes('listen') && (s.yes === true || /127\.0\.0\.1|0\.0\.0\.0|listening/u.test(s.said)))
    found.push([`port.${port}.listening`, true]);
  return found;
});

const proxy = rule((s) => {
  if (!/\bproxy\b|proxies|代理/u.test(s.words) || /kube ?proxy|nginx proxy|reverse|load ?balancer|docker proxy|config json/u.test(s.words))
    return [];
  const found: Observed[] = [];
  const noProxy = /\bno ?proxy\b/u.test(s.words);
  if (noProxy) {
    if (/cover|contain|include|list|has|包含/u.test(s.words) && s.yes !== undefined) found.push(['proxy.no-proxy-covers-cluster', s.yes]);
    else if (
      /lacks?|without|does not (?:cover|contain|include|list)|missing|not (?:set|cover|include)|unset|empty|none|未|缺|没有/u.test(
        s.said,
      ) ||
      s.yes === false
    )
      found.push(['proxy.no-proxy-covers-cluster', false]);
    else if (/[.,/]|localhost/u.test(s.value) && !s.value.includes('; ')) found.push(['proxy.no-proxy', s.value]);
    return found;
  }
  const url = /(https?:\/\/[^ ,;"']+)/u.exec(s.value)?.[1];
  if (url !== undefined) found.push([s.words.includes('https') ? 'proxy.https' : 'proxy.http', url], ['proxy.set', true]);
  else if (/need|require|behind|corporate|only|必须/u.test(s.text) && s.yes !== false) found.push(['proxy.needed', true]);
  if (/containerd|docker|daemon|runtime|unit|service|kubelet|k3s|rke2|systemd/u.test(s.words)) {
    const unit = /(containerd|docker|kubelet|k3s|rke2|crio)/u.exec(s.words)?.[1] ?? 'runtime';
    const set = s.yes ?? (url !== undefined ? true : /missing|not|no |none|without/u.test(s.said) ? false : undefined);
    if (set !== undefined) found.push([`proxy.unit.${unit}`, set ? [url ?? 'set'] : []]);
  } else if (url === undefined && s.yes !== undefined && !/need|require/u.test(s.words)) found.push(['proxy.set', s.yes]);
  else if (url === undefined && found.length === 0 && /\bset\b|configured|in the environment|env/u.test(s.said))
    found.push(['proxy.set', !negated(s.said)]);
  return found;
});

const ssh = rule((s) => {
  if (
    !/\bssh\b|sshd|openssh|\bkey\b|密钥|docker group|docker 组|\busermod\b|forwarding|authorized/u.test(s.text) ||
    /api ?key|registry|tls key|ca key|key: value/u.test(s.words)
  )
    return [];
  const found: Observed[] = [];
  const w = s.words;
  const type =
    /\b(rsa|ed25519|ecdsa|dsa)\b/u.exec(s.said)?.[1] ?? (w.includes('key') ? /\b(rsa|ed25519|ecdsa)\b/u.exec(w)?.[1] : undefined);
  // "ed25519 key: works" tells of another key than the failing one.
  const other = type !== undefined && type !== 'rsa' && (s.yes === true || /works|cures|helps|fixes|accepted|succeed/u.test(s.said));
  if (other) found.push(['ssh.other-key-works', type]);
  else if (type !== undefined && /key|ssh|密钥/u.test(s.text)) found.push(['ssh.key-type', type]);
  if (/pass ?phrase|encrypted|口令/u.test(s.text))
    found.push(['ssh.key-encrypted', !(s.yes === false || /no pass|without|not/u.test(s.said))]);
  if (
    /key[\w ]*(?:exist|present|missing|there)|key (?:path|file)/u.test(w) &&
    (s.yes !== undefined || /missing|does not exist|not exist|wrong path|no such/u.test(s.said))
  )
    found.push(['ssh.key-exists', s.yes ?? false]);
  // "adding the user to the docker group: fixed it" tells that the user was not in it; another user's groups tell nothing.
  if (/docker group|group docker|docker 组/u.test(s.text) && !/\bother|another|different/u.test(w)) {
    const cured = /\b(?:add(?:ed|ing)?|usermod|put(?:ting)?|join(?:ed|ing)?)\b/u.test(s.text) && s.yes !== false;
    found.push(['ssh.user-in-docker-group', !(cured || s.yes === false || negated(s.said))]);
  }
  if (
    /by hand|manual(?:ly)?|command line|ssh -i|plain ssh|ssh client|ssh (?:works|login|itself)|手动/u.test(s.text) &&
    (s.yes !== undefined || /work|ok|fail|log/u.test(s.said))
  )
    found.push(['ssh.works-by-hand', s.yes ?? !negated(s.said)]);
  if (/^ssh i\b/u.test(w) && s.yes !== undefined) found.push(['ssh.works-by-hand', s.yes]);
  if (s.said.includes('public key') && /key (?:path|file)|ssh key/u.test(w) && s.yes !== false) found.push(['ssh.key-is-public', true]);
  if (/docker (?:ps|info|version)/u.test(w) && (s.yes !== undefined || /denied|cannot|fails|works|ok/u.test(s.said)))
    found.push(['ssh.docker-works', s.yes ?? /works|ok/u.test(s.said)]);
  const user = /(?:ssh )?user(?:name)?$|用户/u.test(w) ? /^([a-z_][\w-]{0,31})$/u.exec(s.value)?.[1] : undefined;
  if (user !== undefined && s.yes === undefined) found.push(['ssh.user', user]);
  for (const option of [
    'AllowTcpForwarding',
    'AllowStreamLocalForwarding',
    'DisableForwarding',
    'PermitOpen',
    'MaxSessions',
    'MaxStartups',
    'UseDNS',
    'PubkeyAcceptedAlgorithms',
    'PubkeyAcceptedKeyTypes',
    'PasswordAuthentication',
    'PermitRootLogin',
    'AllowUsers',
    'AddressFamily',
  ]) {
    const hit =
      new RegExp(`${option}[ :="]+([\\w.+,:/-]+)`, 'iu').exec(`${s.key} ${s.value}`) ??
      (s.words.replaceAll(' ', '').includes(option.toLowerCase()) ? /^([\w.+,:/-]+)/u.exec(s.value) : null);
    if (hit?.[1] !== undefined)
      found.push([
        `sshd.${option.toLowerCase()}`,
        hit[1].toLowerCase() === 'false' ? 'no' : hit[1].toLowerCase() === 'true' ? 'yes' : hit[1],
      ]);
  }
  const version =
    /openssh[ _]?v?(\d+\.\d+(?:p\d+)?)/u.exec(s.text)?.[1] ??
    (/(?:sshd?|openssh)(?: server)? version/u.test(w) ? /(\d+\.\d+(?:p\d+)?)/u.exec(s.value)?.[1] : undefined);
  if (version !== undefined) found.push([/client|rke host|local/u.test(w) ? 'ssh.client-version' : 'ssh.server-version', version]);
  return found;
});

const networkManager = rule((s) => {
  const w = s.words;
  if (/(?:nm|network ?manager) cloud setup/u.test(w) || s.said.includes('nm-cloud-setup')) {
    const on = s.yes ?? (/enabled|active|running/u.test(s.said) ? !negated(s.said) : undefined);
    return on === undefined ? [] : [['nm-cloud-setup.enabled', on]];
  }
  if (/unmanaged (?:devices?|interfaces?)|interfaces? unmanaged/u.test(w))
    return s.yes === undefined
      ? /cali|flannel|tunl|vxlan/u.test(s.said)
        ? [['networkmanager.unmanaged-cni', true]]
        : []
      : [['networkmanager.unmanaged-cni', s.yes]];
  if (!/network ?manager|nmcli/u.test(s.text)) return [];
  if (
    /manag(?:es|ed|ing)[^;]{0,30}(?:cali|flannel|cni|tunl|veth)|(?:cali|flannel|cni)[^;]{0,30}(?:managed|connected|connecting)/u.test(
      s.text,
    )
  )
    return [
      ['networkmanager.active', true],
      ['networkmanager.unmanaged-cni', negated(s.said) && !s.said.includes('unmanaged')],
    ];
  const on = s.yes ?? (/active|running|manages|used|enabled/u.test(s.said) ? !negated(s.said) : undefined);
  return on === undefined ? [] : [['networkmanager.active', on]];
});

const ipv6 = rule((s) => {
  if (!s.text.includes('ipv6')) return [];
  const found: Observed[] = [];
  const inverted = /disabled?\b/u.test(s.words);
  const off = inverted
    ? s.yes === true
    : s.yes === false || /disabled?|off\b|not (?:enabled|available|supported|configured)|ipv6\.disable=1|禁用|关闭|未启用/u.test(s.said);
  const on = !off && (inverted ? s.yes === false : s.yes === true || /enabled|\bon\b|available|启用/u.test(s.said));
  if (
    /(?:^| )ipv6(?: enabled| disabled| support| on (?:the )?(?:node|host|lo|loopback))?$|^ipv6/u.test(s.words) ||
    /ipv6 (?:is |was )?(?:disabled|enabled|off|on)\b/u.test(s.said)
  ) {
    if (off) found.push(['ipv6.enabled', false]);
    else if (on) found.push(['ipv6.enabled', true]);
  }
  if (off && /ipv6\.disable=1|kernel (?:command line|parameter)|grub|boot/u.test(s.text)) found.push(['ipv6.disabled-by', 'boot']);
  else if (off && /sysctl|disable_ipv6/u.test(s.text)) found.push(['ipv6.disabled-by', 'sysctl']);
  if (
    /\b(?:default )?route\b|connectivity|reachab|path|路由/u.test(s.text) &&
    (off || /no (?:default )?(?:ipv6 )?(?:route|connectivity|path)|without|cannot|not/u.test(s.text))
  )
    found.push(['ipv6.default-route', false]);
  if (/\blo(?:opback)?\b/u.test(s.words) && (/::1|inet6|address/u.test(s.text) || s.yes !== undefined))
    found.push(['lo.has-ipv6', !off && !/no |without|missing|lacks|没有/u.test(s.said)]);
  return found;
});

const lo = rule((s) => {
  if (!/\b(?:lo|loopback)(?: interface)?\b/u.test(s.words)) return [];
  const found: Observed[] = [];
  if (/::1|inet6|ipv6/u.test(s.text)) found.push(['lo.has-ipv6', !(s.yes === false || /no |without|missing|lacks|not|没有/u.test(s.said))]);
  else if (s.yes !== undefined || /\b(?:down|up)\b/u.test(s.said)) found.push(['lo.up', s.yes ?? /\bup\b/u.test(s.said)]);
  return found;
});

export const networkVocabulary: readonly StatementRule[] = [
  firewalls,
  policies,
  backend,
  mtus,
  largePackets,
  offload,
  paths,
  overlay,
  ports,
  proxy,
  ssh,
  networkManager,
  ipv6,
  lo,
  amount(
    /(?:network )?(?:interfaces?|nics?|network cards?|adapters?)(?: count| number)?$|number of (?:nics|interfaces)|网卡/u,
    'interface.count',
    /^(\d{1,2})\b/u,
  ),
  rule((s) => {
    const table = /ip rule|routing (?:rule|table)|policy rout/u.test(s.words)
      ? /table (\d{3,6}|nm-cloud\w*)/u.exec(s.said)?.[1]
      : undefined;
    return table === undefined || s.yes === false ? [] : [['ip-rule.extra-table', table]];
  }),
  rule((s) =>
    /metadata (?:ip |address )?routes?|routes? (?:of|to|for) (?:the )?metadata/u.test(s.words)
      ? [['metadata.routes', /two|second|conflict|duplicate|several|2|两/u.test(s.said) ? 2 : 1]]
      : [],
  ),
  rule((s) =>
    /interfaces?|nics?|network cards?|adapters?|homed|网卡/u.test(s.words) &&
    /\b(?:two|several|multiple|many|second|dual|多)\b|多/u.test(`${s.words} ${s.said}`) &&
    s.yes !== false &&
    !/\d/u.test(s.value)
      ? [['interface.count', 2]]
      : [],
  ),
  says(
    /multi-?homed|dual[- ]?homed|(?:two|several|multiple|second|both) (?:network )?(?:interfaces|nics|network cards|adapters|networks)/u,
    ['interface.count', 2],
  ),
  says(
    /(?:vagrant|nat (?:interface|adapter)|10\.0\.2\.15)[^;]{0,80}(?:same|all|every|each|internal|picked|chosen)|(?:same|all|every)[^;]{0,60}10\.0\.2\.15/u,
    ['interface.nat-address-shared', true],
  ),
  says(
    /(?:wrong|other|another|unexpected|not the (?:right|expected)|private|public) (?:interface|nic|address|ip|network card)[^;]{0,60}(?:picked|chosen|used|selected|detected|advertis|announc|register)|(?:picks?|choos(?:es?|ing)|uses?|selects?|detects?|advertises?|announces?|registers?)[^;]{0,60}(?:wrong|other|unexpected) (?:interface|nic|address|ip)/u,
    ['interface.wrong-picked', true],
  ),
  word(/ip autodetection method|autodetection/u, 'cni.ip-autodetection'),
  flag(
    /orphan(?:ed)? veth|veth (?:left|orphan|without|leftover)|ghost veth|stale (?:veth|interface)|left ?over (?:veth|interface|bridge)/u,
    'interface.orphan-veth',
    { unsaid: true },
  ),
  says(/(?:orphan(?:ed)?|ghost|stale|left ?over|dead) (?:veth|interface|bridge|cni0|flannel\.1|docker0)/u, ['interface.orphan-veth', true]),
  says(/security group|cloud firewall|network acl|\bnsg\b|安全组/u, ['cloud.security-group-told', true]),
  rule((s) =>
    /security groups?|network acl|\bnsg\b|安全组|cloud firewall/u.test(s.text) &&
    (s.yes === false || /block|missing|lacks?|not (?:open|allow|contain|include)|does not|without|only|未|没有/u.test(s.said))
      ? [['cloud.security-group-blocks', true]]
      : [],
  ),
  flag(/websockets?|upgrade header/u, 'rancher.websocket-works'),
  word(
    /^virtual(?:isation)?|nic (?:driver|type|model)|network adapter type/u,
    'interface.default.driver',
    /(vmxnet3|e1000e?|virtio|ena|ixgbevf)/iu,
    (w) => w.toLowerCase(),
  ),
  clause(
    /(?:pods?|containers?) (?:can )?(?:reach|access) (?:the )?internet|internet (?:access )?from (?:the )?pods/u,
    'path.pods-reach-internet',
  ),
  says(
    /(?:cure[sd]?|fix(?:es|ed)|heal(?:s|ed)|help(?:s|ed)|solve[sd]?|gone)[^;]{0,30}(?:by |after )?(?:a )?reboot|a reboot may cure|reboot (?:cures|fixes|helps|heals)/u,
    ['reboot.heals', true],
  ),
];
