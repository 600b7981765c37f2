/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
/** What people state about the system, the kernel, time, disks and identity. */
import { dateIn } from '../../facts/parse/date-in.ts';
import { familyOf, osOfText } from '../recognisers/system-identity.ts';
import { amount, clause, flag, rule, says, word, type Observed, type StatementRule } from './vocabulary.ts';

/** Names people use for a kernel setting, without its prefix. */
const SYSCTLS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\b)(?:net )?(?:ipv4 )?ip forward(?:ing)?\b|ipv4 forwarding/u, 'net.ipv4.ip_forward'],
  [/bridge nf call iptables/u, 'net.bridge.bridge-nf-call-iptables'],
  [/bridge nf call ip6tables/u, 'net.bridge.bridge-nf-call-ip6tables'],
  [/rp filter/u, 'net.ipv4.conf.all.rp_filter'],
  [/max user instances/u, 'fs.inotify.max_user_instances'],
  [/max user watches/u, 'fs.inotify.max_user_watches'],
  [/nf conntrack max/u, 'net.netfilter.nf_conntrack_max'],
  [/nf conntrack count/u, 'net.netfilter.nf_conntrack_count'],
  [/ip local port range/u, 'net.ipv4.ip_local_port_range'],
  [/bindv6only/u, 'net.ipv6.bindv6only'],
  [/(?:lo )?disable ipv6 lo|lo disable ipv6|conf lo disable ipv6/u, 'net.ipv6.conf.lo.disable_ipv6'],
  [/(?:all )?disable ipv6/u, 'net.ipv6.conf.all.disable_ipv6'],
];

const sysctls = rule((s) => {
  const named = /^(?:sysctl )?((?:net|fs|kernel|vm)\.[\w.-]+)$/u.exec(s.key)?.[1];
  const number = /^(-?\d+(?: +\d+)?)\b/u.exec(s.value)?.[1] ?? (s.yes === undefined ? undefined : s.yes ? '1' : '0');
  if (number === undefined) return [];
  const key = named ?? SYSCTLS.find(([p]) => p.test(s.words))?.[1];
  return key === undefined || /persist|file|owner|writ[ae]ble|readable|exists|permission/u.test(s.words) ? [] : [[`sysctl.${key}`, number]];
});

/** 'net.ipv4.ip_forward=0' anywhere in the text. */
const sysctlInText = rule((s) =>
  [...s.value.matchAll(/\b((?:net|fs|kernel|vm)\.[a-z0-9_.-]+) ?= ?(\d+)/gu)].map((m): Observed => [`sysctl.${m[1] ?? ''}`, m[2] ?? '']),
);

const os = rule((s) => {
  if (
    !/(?:^| )(?:os|operating system|distribution|distro|linux|host os|node os|platform|系统|操作系统|发行版)(?: |$)|^系统|操作系统|发行版/u.test(
      s.words,
    )
  )
    return [];
  const found = osOfText(s.value);
  if (found === undefined) return [];
  return [
    ['os.id', found.id],
    ['os.family', familyOf(found.id)],
    ...(found.version === undefined ? [] : ([['os.version', found.version]] as const)),
  ];
});

const kernel = rule((s) => {
  const hit = /(?:^| )(?:kernel|uname|内核)/u.test(s.words) ? /\b(\d+\.\d[\w.-]*)/u.exec(s.value)?.[1] : undefined;
  return hit === undefined ? [] : [['kernel.release', hit]];
});

const MODULES =
  'br_netfilter|overlay|vxlan|ip_tables|iptable_nat|iptable_filter|ip6_tables|nf_conntrack|nf_nat|ip_vs(?:_\\w+)?|wireguard|ipip|dm_thin_pool|xt_\\w+|nft_\\w+|nf_tables|ipv6|veth|bridge|ip_set';
const modules = rule((s) => {
  const hit = new RegExp(`\\b(${MODULES})\\b`, 'u').exec(
    `${s.key} ${s.value}`
      .toLowerCase()
      .replaceAll(/br(?:idge)?[ _-]netfilter/gu, 'br_netfilter')
      .replaceAll(
        /(?<=modprobe|lsmod|module)_(?=[a-z])|_(?=(?:kernel_)?(?:module|loaded|support|available|missing|present)(?![a-z]))|_(?=kernel_module)/gu,
        ' ',
      ),
  )?.[1];
  if (hit === undefined || !/module|modprobe|lsmod|loaded|netfilter|insmod|support|模块/u.test(s.text)) return [];
  const refused = s.words.includes('modprobe') && /exit (?:code|status) [1-9]|returns? [1-9]|\bfatal\b|^[1-9]$|error/u.test(s.said);
  const bad =
    s.yes === false ||
    refused ||
    /not (?:loaded|found|available|present|built|in )|missing|absent|fails?|no such|未加载|缺|没有/u.test(s.text);
  const available =
    refused ||
    (s.yes === false && /modprobe|support/u.test(s.words)) ||
    /not found|not available|modules-extra|not built|missing|cannot be loaded|fails to load|modprobe[^;]{0,30}fails|缺/u.test(s.text)
      ? [[`module.${hit}.available`, false] as const]
      : [];
  if (bad) return [[`module.${hit}.loaded`, false], ...available];
  return s.yes === true || /loaded|已加载/u.test(s.text) ? [[`module.${hit}.loaded`, true]] : [];
});

/** 'df_root_usage: 95%', '/var usage: 100 %', 'disk: full'. */
const disk = rule((s) => {
  if (
    !/(?:^| )(?:df|disk|usage|file ?system|partition|root fs|storage|inodes?|iuse|iused|space|volume|var lib (?:docker|containerd|kubelet|rancher|etcd)|磁盘|空间|分区)(?: |$)|磁盘|空间/u.test(
      s.words,
    )
  )
    return [];
  const mount =
    /(\/[\w/.-]*)/u.exec(`${s.key} ${s.value}`)?.[1] ??
    (/\bvar lib docker\b/u.test(s.words) ? '/var/lib/docker' : /\bvar\b/u.test(s.words) ? '/var' : '/');
  const inode = /inode|\bdf -?i\b|\biused?\b/u.test(s.text);
  const percent =
    /(\d{1,3}(?:\.\d+)?) ?%/u.exec(s.value)?.[1] ??
    (/usage|used|percent|iuse|使用/u.test(s.words) ? /^(\d{1,3})$/u.exec(s.value)?.[1] : undefined);
  const key = inode ? `disk.${mount}.inodes-used-percent` : `disk.${mount}.used-percent`;
  if (percent !== undefined) {
    const free = /free|avail|left|剩余|可用/u.test(s.text) && !/used|usage|full|使用/u.test(s.text);
    return [[key, free ? 100 - Number(percent) : Number(percent)]];
  }
  if (/^free inodes?|inodes? free|inodes? (?:left|available)/u.test(s.words) && /^(?:none|0|no)\b/u.test(s.said))
    return [[`disk.${mount}.inodes-used-percent`, 100]];
  if (
    /\bfull\b|no space|exhausted|out of|满|耗尽/u.test(s.text) &&
    !/(?:not|never|half)[- ]full|\b(?:almost|nearly)\b/u.test(s.said) &&
    s.yes !== false
  )
    return [[key, 100]];
  if (/\b(?:almost|nearly|close to|next to) (?:completely )?(?:full|100)/u.test(s.said)) return [[key, 98]];
  return [];
});

const diskKind = rule((s) => {
  if (!/disk|storage|drive|etcd|medium|backing|volume|磁盘|存储/u.test(s.text)) return [];
  const text = s.text;
  const kind = /\bhdd|spinning|rotational|5400|7200 ?rpm|机械/u.test(text)
    ? 'hdd'
    : /sd[- ]?card|micro ?sd|emmc|usb stick|flash drive/u.test(text)
      ? 'sd-card'
      : /\bnfs\b|ceph|iscsi|network storage|shared storage|san\b|网络存储/u.test(text)
        ? 'network'
        : /\b(?:ssd|nvme)\b/u.test(text)
          ? 'ssd'
          : undefined;
  if (kind === undefined) return [];
  const no = /not? (?:an? )?(?:ssd|nvme)/u.test(text);
  return [['disk.kind', no ? 'hdd' : kind]];
});

const readOnly = says(/(?:filesystem|file system|mount|root|partition|disk)[^;]{1,40}\bread[- ]?only\b|remounted ro\b|只读/u, [
  'disk./.read-only',
  true,
]);

/** 'notAfter of the certificate: Jan 3 2021', 'certificate valid until: 2021-01-03'. */
const certificateDates = rule((s) => {
  if (!/cert|\bcrt\b|\bca\b|not ?after|not ?before|证书/u.test(s.words)) return [];
  const part = /not ?before|valid from|starts?|issued|生效/u.test(s.words)
    ? 'not-before'
    : /not ?after|valid (?:until|to|till)|expir|ends?\b|until|到期|过期/u.test(s.words)
      ? 'not-after'
      : undefined;
  const date = part === undefined ? undefined : dateIn(s.value);
  return date === undefined || part === undefined ? [] : [[`cert.told.${part}`, date]];
});

/** 'clock: 5 minutes behind', 'time_offset: 3600 s', 'ntp: not synchronised'. */
const clock = rule((s) => {
  if (
    !/clock|(?:^| )time(?: |$|zone)|ntp|chrony|timesync|timedatectl|hwclock|rtc|\b(?:dates?|times)\b(?! (?:of|in) (?:the )?cert)|skew|drift|时钟|时间|时差/u.test(
      s.words,
    ) ||
    /uptime|timeout|time out/u.test(s.words)
  )
    return [];
  const found: Observed[] = [];
  const unit =
    /(-?\d+(?:\.\d+)?) ?(ms|milliseconds?|[shd秒天]|secs?|seconds?|min|minutes?|hours?|days?|months?|years?|分钟?|小时)\b/u.exec(s.said) ??
    /(-?\d+(?:\.\d+)?) ?([秒天年]|分钟?|小时)/u.exec(s.said);
  if (unit !== null && /clock|offset|skew|drift|behind|ahead|fast|slow|difference|时钟|[偏差慢快]/u.test(s.text)) {
    const word = unit[2] ?? 's';
    const scale = /^(?:ms|milli)/u.test(word)
      ? 0.001
      : /^(?:m|分)/u.test(word) && !word.startsWith('mo')
        ? 60
        : /^(?:h|小时)/u.test(word)
          ? 3600
          : /^(?:d|天)/u.test(word)
            ? 86_400
            : word.startsWith('mo')
              ? 2_592_000
              : /^(?:y|年)/u.test(word)
                ? 31_536_000
                : 1;
    const sign = /behind|slow|late|past|落后|慢/u.test(s.text) ? -1 : 1;
    found.push(['clock.offset-seconds', Math.abs(Number(unit[1])) * scale * (Number(unit[1]) < 0 ? -1 : sign)]);
    if (Math.abs(Number(unit[1])) * scale > 1) found.push(['clock.skewed', true]);
  } else if (
    /wrong|incorrect|not correct|behind|ahead|in the past|in the future|skewed|differs?|(?:out of|not in) sync|not (?:the same|equal)|unequal|vary|drift|1970|不准|不一致|不同步|错误/u.test(
      s.said,
    )
  )
    found.push(['clock.skewed', true]);
  if (/ntp|chrony|timesync|synchroni[sz]ed|sync\b|同步/u.test(s.text)) {
    const synced =
      /synchroni[sz]ed: no|not (?:synchroni[sz]ed|synced|in sync|running|installed|configured|active|enabled)|unsynchroni[sz]ed|inactive|disabled|stopped|\bno\b|未同步|没有|未/u.test(
        s.said,
      ) || s.yes === false
        ? false
        : (s.yes ?? (/synchroni[sz]ed|in sync|active|已同步/u.test(s.said) ? true : undefined));
    if (synced !== undefined) found.push(['clock.ntp-synchronised', synced]);
  }
  if (/rtc|hardware clock|battery|real[- ]time clock/u.test(s.text)) {
    const none = s.yes === false || /\bno (?:rtc|hardware|battery|real)|\bnone\b|has no|without|lacks|missing|absent|没有|无/u.test(s.text);
    found.push(['clock.has-rtc', !none]);
  }
  const date = /^(?:node |host |system |current |server |local )*(?:time|date|clock)(?: now| today| on the node)?$/u.test(s.words)
    ? dateIn(s.value)
    : undefined;
  if (date !== undefined) found.push(['clock.now', date]);
  return found;
});

const both = rule((s) =>
  /\b(?:both|all|two|2) (?:machines|nodes|hosts|servers|vms)\b/u.test(s.words) &&
  /host ?name|主机名/u.test(s.text) &&
  !/different|unique|own/u.test(s.said)
    ? [['hostname.duplicate', true]]
    : [],
);

/** 'linux-modules-extra-raspi: not installed': a package by its own name. */
const packages = rule((s) => {
  const name = /^(?:package )?([a-z0-9][a-z0-9+.]*(?:-[a-z0-9+.]+)+)(?: package| installed)*$/u.exec(s.key.toLowerCase())?.[1];
  return name === undefined || s.yes === undefined || !/missing|present|absent|install/u.test(s.text)
    ? []
    : [[`package.${name}.installed`, s.yes]];
});

const ages = rule((s) => {
  const hit = /cluster (?:age|is)|age of (?:the )?cluster|installed (?:ago|since)|certificates? (?:are |is )?old/u.test(s.words)
    ? /(\d+(?:\.\d+)?) ?(day|month|year|天|个?月|年)/u.exec(s.said)
    : null;
  if (hit === null) return [];
  const unit = hit[2] ?? '';
  const scale = /^(?:day|天)/u.test(unit) ? 1 : /^(?:month|个?月)/u.test(unit) ? 30.4 : 365;
  return [['cluster.age-days', Math.round(Number(hit[1]) * scale)]];
});

const hostNames = rule((s) => {
  if (!/host ?names?|node ?names?|own name|machine name|主机名|节点名/u.test(s.words)) return [];
  const found: Observed[] = [];
  // 'getent_hosts_of_own_name: no output', 'ping_own_hostname: unknown host'.
  if (/getent|ping|nslookup|\bdig\b|look ?up|resolv/u.test(s.words)) {
    const no =
      s.yes === false || /unknown host|no output|nothing|not found|not known|could not|cannot|fails?|no such|bad address/u.test(s.said);
    if (no || s.yes === true) found.push(['hostname.resolves', !no]);
    return found;
  }
  if (
    /same|duplicate|identical|equal|both|two nodes|shared?|重复|相同/u.test(s.text) &&
    s.yes !== false &&
    !/unique|different|distinct|not the same|不同/u.test(s.said)
  )
    found.push(['hostname.duplicate', true]);
  if (/unique|distinct|唯一/u.test(s.text) && s.yes !== undefined) found.push(['hostname.duplicate', !s.yes]);
  const renamed = /renamed|changed|set[- ]hostname|was [\w.-]+ before|改名|更改/u.test(s.text) && s.yes !== false;
  if (renamed) found.push(['hostname.changed', true]);
  // "server 0: a; server 1: renamed from b to a": the name that two machines carry after all changes.
  const owners = [...s.value.matchAll(/(?:(?:server|node|host|machine|master|worker|vm) ?[\w-]*|\b[\d.]+\b) ?[:=] ?([a-z0-9][\w.-]+)/giu)]
    .map((m) => (m[1] ?? '').toLowerCase())
    .filter((n) => n !== 'renamed');
  const now = [...s.value.matchAll(/(?:renamed|changed|set)(?: from [\w.-]+)? to ([\w.-]+)/giu)].map((m) => (m[1] ?? '').toLowerCase());
  const names = [...owners, ...now];
  if (names.length > new Set(names).size) found.push(['hostname.duplicate', true]);
  const single = /^(?:(?:the|system|actual|node|our) )?(?:host ?name|node ?name|主机名)(?: of (?:the )?node| output)?$/u.test(s.words)
    ? /^([\w.-]{1,253})$/u.exec(s.value)?.[1]
    : undefined;
  if (single !== undefined && s.yes === undefined) found.push(['hostname.stated', single]);
  if (/upper ?case|capital|大写/u.test(s.text) && s.yes !== false) found.push(['hostname.has-capitals', true]);
  if (/underscore|invalid|下划线/u.test(s.text) && s.yes !== false) found.push(['hostname.valid', false]);
  if (/in (?:etc )?hosts|hosts (?:file|entry|line)/u.test(s.text) && (s.yes !== undefined || /missing|no |not /u.test(s.said)))
    found.push(['hostname.in-hosts', s.yes ?? false]);
  else if (/resolv|lookup|in dns|解析/u.test(s.text)) {
    const no = s.yes === false || /not|no|cannot|fails?|without|missing|unable|无法|不能|没有/u.test(s.said);
    if (s.yes !== undefined || no) found.push(['hostname.resolves', !no]);
  }
  return found;
});

/** 'cgroup_driver_of_docker: cgroupfs, kubelet: systemd', 'kubelet_flags: --cgroup-driver=systemd', 'crio_cgroup_manager: cgroupfs'. */
const cgroupDrivers = rule((s) => {
  if (!/cgroup[- ]?(?:driver|manager)/u.test(s.text)) return [];
  const found = new Map<string, string>();
  for (const part of `${s.words}: ${s.said}`.split(/[,;]| (?:and|while|but|vs\.?|versus) /u)) {
    const driver = /\b(systemd|cgroupfs)\b/u.exec(part)?.[1];
    const who = part.includes('kubelet')
      ? 'kubelet'
      : /docker|containerd|cri-?o\b|crio|cri o\b|runtime|daemon/u.test(part)
        ? 'runtime'
        : undefined;
    if (driver === undefined || who === undefined || found.has(who)) continue;
    // 'native cgroupdriver systemd: false' tells that it is the other one.
    const asked = s.words.includes(driver) && s.yes === false;
    found.set(who, asked ? (driver === 'systemd' ? 'cgroupfs' : 'systemd') : driver);
  }
  return [...found].map(([who, driver]): Observed => [`cgroup.driver.${who}`, driver]);
});

export const systemVocabulary: readonly StatementRule[] = [
  sysctls,
  sysctlInText,
  both,
  packages,
  ages,
  os,
  kernel,
  modules,
  disk,
  diskKind,
  readOnly,
  certificateDates,
  clock,
  hostNames,
  flag(/(?:^| )swap (?:enabled|on|active|in use|state|status|device|partition|file)|^swap$|(?:^| )swap$|交换/u, 'swap.enabled'),
  says(
    /swap[^;]{0,20}: (?:\d+ ?[kmgt]i?b?\b|in use|used|zram|active|(?:a |one )?swap ?(?:partition|file|device)(?! (?:is|was) (?:not|off|removed)))/u,
    ['swap.enabled', true],
  ),
  rule((s) => {
    // 'swapon --show: /dev/zram0 4G', 'proc_swaps: /swap.img file 2097148', 'free -h: Swap: 2.0G total'.
    if (/swapon|proc[ /]swaps?/u.test(s.words))
      return [['swap.enabled', /\/|zram|partition|\bfile\b|\d ?[gm]i?b?\b/u.test(s.said) && s.yes !== false]];
    const total = /^free\b/u.test(s.words) ? /swap\D{0,12}(\d+(?:\.\d+)?)/u.exec(s.said)?.[1] : undefined;
    return total === undefined ? [] : [['swap.enabled', Number(total) > 0]];
  }),
  rule((s) => {
    // What was done once does not hold after a reboot, unless fstab says so too.
    if (s.text.includes('fstab') && s.text.includes('swap'))
      return [['swap.enabled', !(/comment(?:ed)? out|removed|no swap|without/u.test(s.said) && !/not|never/u.test(s.said))]];
    return s.words.includes('swapoff') && s.yes !== undefined && !/before|earlier|once|first|then|reboot/u.test(s.text)
      ? [['swap.enabled', !s.yes]]
      : [];
  }),
  word(/selinux|^getenforce|sestatus/u, 'selinux.mode', /(enforcing|permissive|disabled)/iu, (w) => w.toLowerCase()),
  rule((s) =>
    /^selinux(?: enabled| on)?$/u.test(s.words) && s.yes !== undefined && !/enforcing|permissive/u.test(s.said)
      ? [['selinux.mode', s.yes ? 'enforcing' : 'disabled']]
      : [],
  ),
  says(/(?:selinux|permissive|setenforce)[^;]{0,60}(?:cures|helps|fixes|solves|works|heals)|(?:avc|audit)[^;]{0,40}denied/u, [
    'selinux.heals-when-permissive',
    true,
  ]),
  flag(/apparmor(?: enabled| on)?$/u, 'apparmor.enabled'),
  says(/apparmor[ _]?parser[^;]{0,40}(?:missing|not installed|not found|absent|: (?:false|no)|缺|未安装)/u, [
    'program.apparmor_parser.installed',
    false,
  ]),
  rule((s) => {
    const hit =
      /^(?:program |binary |package |command )?(\w[\w+.-]*) (?:installed|present|available)(?: on (?:the )?(?:node|host))?$/u.exec(
        s.words,
      )?.[1];
    return hit === undefined || s.yes === undefined ? [] : [[`program.${hit}.installed`, s.yes]];
  }),
  rule((s) => {
    const hit =
      /(?:^|[: ])(iptables|conntrack|socat|ebtables|ethtool|apparmor_parser|nfs-common|mount\.nfs|open-iscsi|iscsiadm|nscd|unscd|dnsmasq|avahi(?:-daemon)?|chrony|curl|tc)(?: binary| tool| package| command)?(?:: | is | was )?(?:(not installed|missing|absent|not present|not found)|installed|present)/u.exec(
        s.text.replaceAll('apparmor parser', 'apparmor_parser'),
      );
    return hit?.[1] === undefined ? [] : [[`program.${hit[1]}.installed`, hit[2] === undefined]];
  }),
  amount(/cgroup (?:version|v|hierarchy)|^cgroups?$/u, 'cgroup.version', /v?([12])\b/u),
  says(/cgroups? ?v2|unified[ _]cgroup[ _]hierarchy|cgroup2fs/u, ['cgroup.version', 2]),
  rule((s) =>
    /memory cgroup|cgroup memory|memory controller|cgroups? memory/u.test(s.words) &&
    !/cmd ?line|boot|parameter|grub|\bcgroup (?:memory 1|enable memory)\b/u.test(s.words) &&
    s.yes !== undefined
      ? [['cgroup.memory-enabled', s.yes]]
      : [],
  ),
  says(
    /proc[ /]cgroups?[^;]{0,60}(?:no (?:line |entry |row )?(?:for |of |named )?[`'"]?memory|has no memory|lacks [\w ]{0,12}memory|without [\w ]{0,12}memory|memory[\w '"`]{0,20} (?:is )?(?:missing|absent|not (?:listed|there|present|in it)))|config_memcg[^;]{0,20}(?:not set|: n\b|is not set|missing)|kernel[^;]{0,60}without (?:the )?(?:config_memcg|memory (?:controller|cgroup))/u,
    ['cgroup.memory-known', false],
    ['cgroup.memory-enabled', false],
  ),
  rule((s) => {
    const parameters = [
      ...`${s.value} ${s.key}`.matchAll(
        /\b((?:cgroup_enable|cgroup_memory|ipv6\.disable(?:_ipv6)?|apparmor|systemd\.unified_cgroup_hierarchy|selinux)=\w+)/gu,
      ),
    ].map((m) => m[1] ?? '');
    // "cmdline_has_cgroup_memory_1: true", "cgroup_enable_memory_on_cmdline: yes".
    if (/\bcgroup (?:memory 1|enable memory)\b/u.test(s.words)) parameters.push('cgroup_enable=memory');
    const onLine = /cmd ?line|boot|kernel|grub|parameter|启动参数/u.test(s.text);
    return onLine && parameters.length > 0 && s.yes !== false ? [['boot.parameters', parameters]] : [];
  }),
  cgroupDrivers,
  word(
    /virtuali[sz]ation|hypervisor|^vm(?: type)?$|machine type|environment|虚拟化/u,
    'virtualization',
    /(vmware|esxi|vsphere|kvm|qemu|proxmox|xen|hyper-?v|virtualbox|vagrant|lxc|lxd|docker|wsl2?|openvz|raspberry|none|bare ?metal)/iu,
    normalVirtualisation,
  ),
  says(/vmxnet3/u, ['virtualization', 'vmware'], ['interface.eth0.driver', 'vmxnet3']),
  word(
    /cloud|provider|platform|hosting/u,
    'cloud',
    /(aws|ec2|azure|gcp|gce|google cloud|hetzner|openstack|digital ?ocean|alibaba|aliyun|tencent|huawei|oracle cloud|oci|linode|ovh|scaleway|vultr)/iu,
    (w) => w.toLowerCase(),
  ),
  flag(/air ?gap(?:ped)?|offline|离线/u, 'node.air-gapped'),
  flag(
    /(?:node|host|machine|vm|server)s? (?:was |were )?(?:used|part|member|registered(?! (?:as|under|with|by|name))|belonged|reused|re used)[\w ]*|re ?used (?:node|host|machine|vm)|(?:earlier|previous|old|former) (?:cluster|installation|install)\b.*|left ?over.*|node recycled|复用|旧集群/u,
    'node.used-in-earlier-cluster',
    { unsaid: true },
  ),
  says(
    /(?:node|machine|host|vm|server)s?[^;]{0,60}(?:previously|earlier|formerly|before)[^;]{0,40}(?:cluster|installation|rke|k3s|kubeadm|rancher)|(?:previous|earlier|old|former) (?:cluster|installation)|(?:not|never) cleaned|re-?used (?:node|vm|machine|host)/u,
    ['node.used-in-earlier-cluster', true],
  ),
  flag(
    /cloned? (?:vms?|machines?|nodes?)|(?:vms?|machines?|nodes?) (?:were )?cloned|from (?:the same )?(?:template|image)/u,
    'machine.cloned',
  ),
  says(/(?:machine[ -]?id|product[ _]uuid|mac address(?:es)?)[^;]{0,40}(?:same|identical|duplicate|equal|相同)/u, [
    'machine.identity-duplicate',
    true,
  ]),
  says(
    /(?:node|host|k3s|cluster)s?:? (?:itself )?(?:(?:is|are|runs?|running|lives?|installed|deployed|started)(?: (?:as|in|inside|on))?|inside|in|as)(?: an?| the)?(?: (?:privileged|unprivileged|proxmox))? (?:lxc|lxd|container|docker)|docker-?in-?docker|\bdind\b|nested container/u,
    ['node.is-container', true],
  ),
  says(/(?:after|since|following)(?: a| the| every| each)? (?:reboot|restart of the (?:node|host|machine))|重启(?:后|之后)/u, [
    'node.rebooted',
    true,
  ]),
  says(
    /(?:ip|address)[^;]{0,40}(?:changed|new (?:ip|address)|different)|dhcp[^;]{0,40}(?:new|other|different|changed)|(?:now (?:has|is)|has now|got|is) (?:\d{1,3}\.){3}\d{1,3}[^;]{0,20}(?:instead of|not|rather than|no longer) (?:\d{1,3}\.){3}\d{1,3}|(?:\d{1,3}\.){3}\d{1,3} (?:became|changed to|->|→) (?:\d{1,3}\.){3}\d{1,3}/u,
    ['node.address-changed', true],
  ),
  amount(
    /inotify instances(?: used| in use| of [\w ]+)?$|root inotify instances|inotify (?:instances )?(?:in use|used)|(?:sum|total|number|count) of (?:inotify )?instances|(?:uid 0|root) instances/u,
    'inotify.instances-used',
  ),
  amount(/inotify (?:instances? )?(?:limit|max)|inotify instances limit/u, 'inotify.max-instances'),
  rule((s) => {
    const of = s.words.includes('inotify') ? /(\d+) (?:of|\/|out of|von) ?(\d+)/u.exec(s.value) : null;
    if (of === null) return [];
    return s.words.includes('watch')
      ? [['inotify.max-watches', Number(of[2])]]
      : [
          ['inotify.instances-used', Number(of[1])],
          ['inotify.max-instances', Number(of[2])],
        ];
  }),
  rule((s) => {
    const of = s.words.includes('conntrack') ? /(\d{3,}) (?:of|\/|out of) ?(\d{3,})/u.exec(s.value) : null;
    return of === null
      ? []
      : [
          ['conntrack.count', Number(of[1])],
          ['conntrack.max', Number(of[2])],
        ];
  }),
  rule((s) => {
    if (!/insert[ _]failed/u.test(s.text)) return [];
    const rises =
      /rise|grow|increas|non-?zero|high|climb|counts? up|> ?0|上升|增长|增加/u.test(s.said) && !/not|flat|constant|zero$|不/u.test(s.said);
    const flat = /flat|constant|zero|stays|does not|not (?:rise|grow|increase)|^0$|不变/u.test(s.said) && !/non-?zero/u.test(s.said);
    const n = /^(\d+)$/u.exec(s.value)?.[1];
    if (n !== undefined)
      return [
        ['conntrack.insert-failed', Number(n)],
        ['conntrack.insert-failed-rises', Number(n) > 0],
      ];
    return rises ? [['conntrack.insert-failed-rises', true]] : flat ? [['conntrack.insert-failed-rises', false]] : [];
  }),
  flag(
    /(?:node|host|machine|vm|server|os) (?:was |is )?(?:re ?installed|rebuilt|re ?created|re ?imaged|replaced)|re ?install(?:ed|ation)? (?:of )?(?:the )?(?:node|host|machine|vm)/u,
    'node.reinstalled',
    { unsaid: true },
  ),
  flag(/^vagrant(?: box| vm| machines?)?$/u, 'vagrant'),
  amount(/fsync|fdatasync|wal sync/u, 'disk.fsync-p99-ms', /(\d+(?:\.\d+)?) ?ms/u),
  amount(/fsync|fdatasync|wal sync/u, 'disk.fsync-p99-ms', /(\d+(?:\.\d+)?) ?s(?:ec|econds?)?\b/u, 1000),
  amount(/ram|memory(?: size| total)?$|内存/u, 'memory.total-kb', /(\d+(?:\.\d+)?) ?g/iu, 1_048_576),
  clause(/kernel[^;]{0,40}updat|updated kernel|running kernel[^;]{0,40}(?:older|removed)/u, 'kernel.updated-without-reboot'),
];

function normalVirtualisation(w: string): string {
  const lower = w.toLowerCase().replace(' ', '');
  if (/^(?:esxi|vsphere)$/u.test(lower)) return 'vmware';
  if (/^(?:qemu|proxmox)$/u.test(lower)) return 'kvm';
  if (lower === 'vagrant') return 'virtualbox';
  if (lower === 'raspberry') return 'raspberry-pi';
  if (lower === 'hyperv') return 'hyper-v';
  return lower === 'baremetal' ? 'none' : lower;
}
