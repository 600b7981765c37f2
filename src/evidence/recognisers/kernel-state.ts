/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import { isAddress } from '../host-port.ts';
import { known } from '../../facts/fact.ts';
import { argumentsOf } from '../pieces/command-line.ts';
import { HOST, sourceOf } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

const host = (piece: { readonly where: { readonly kind: string } }): boolean => piece.where.kind === 'host';

/** lsmod; with a grep, an empty output means that the module is not loaded. */
export const lsmod = defineRecogniser({
  id: 'lsmod',
  title: { en: 'kernel modules (lsmod)', zh: '内核模块（lsmod）' },
  commands: (c) => c.name === 'lsmod',
  names: /(?:^|\/)lsmod(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^Module +Size +Used by/u) > 0,
  read(piece, facts) {
    const loaded = new Set<string>();
    const understood = eachLine(piece, (line, i) => {
      if (/^Module +Size/u.test(line)) return true;
      const hit = /^(\w+) +\d+ +-?\d+ ?(.*)$/u.exec(line);
      if (hit === null) return false;
      for (const name of [hit[1] ?? '', ...(hit[2] ?? '').split(',')].filter((n) => n !== '' && n !== '[permanent]')) {
        loaded.add(name);
        if (host(piece)) facts.observe(`module.${name}.loaded`, true, sourceOf(piece, i));
      }
      return true;
    });
    if (!host(piece)) return understood;
    const filters = piece.command?.filters ?? [];
    const wanted =
      filters.length === 0
        ? ['br_netfilter', 'overlay', 'vxlan', 'nf_conntrack', 'ip_tables', 'iptable_nat', 'ip_vs']
        : filters.flatMap((f) =>
            [...f.matchAll(/[a-z][a-z0-9_]{2,}/gu)].map((m) => m[0]).filter((w) => !/^(?:grep|egrep|fgrep|awk|sort|head|print)$/u.test(w)),
          );
    // Parts that are built into the kernel are not listed: only a grep says which one somebody missed.
    if (filters.length > 0)
      for (const name of wanted)
        if (![...loaded].some((l) => l.includes(name))) facts.observe(`module.${name}.loaded`, false, sourceOf(piece));
    if (filters.length === 0 && loaded.size > 3 && !loaded.has('br_netfilter'))
      facts.observe('module.br_netfilter.loaded', false, sourceOf(piece));
    return understood;
  },
});

/** modprobe: silence is success. */
export const modprobe = defineRecogniser({
  id: 'modprobe',
  title: { en: 'loading a kernel module (modprobe)', zh: '加载内核模块（modprobe）' },
  commands: (c) => c.name === 'modprobe' || c.name === 'modinfo',
  look: (lines) => fitting(lines, /^mod(?:probe|info): (?:FATAL|ERROR)/u) > 0,
  read(piece, facts) {
    const wanted = piece.command === undefined ? [] : argumentsOf(piece.command);
    const understood = eachLine(piece, (line, i) => {
      const name = /Module ([\w-]+) not found/u.exec(line)?.[1];
      if (name !== undefined && host(piece)) {
        facts.observe(`module.${name.replaceAll('-', '_')}.available`, false, sourceOf(piece, i));
        facts.observe(`module.${name.replaceAll('-', '_')}.loaded`, false, sourceOf(piece, i));
      }
      const running = /\/lib\/modules\/([^ /]+)/u.exec(line)?.[1];
      if (running !== undefined && host(piece) && facts.kernelRelease.state !== 'known')
        facts.kernelRelease = known(running, sourceOf(piece, i));
      return (
        /^mod(?:probe|info): /u.test(line) ||
        /^(?:filename|description|license|depends|vermagic|name|intree|alias|retpoline|sig_\w+|signer|parm):/u.test(line)
      );
    });
    if (piece.lines.every((l) => l === '') && host(piece))
      for (const name of wanted) facts.observe(`module.${name.replaceAll('-', '_')}.available`, true, sourceOf(piece));
    return understood;
  },
});

const DF =
  /^([^ ]+) +(?:(ext[234]|xfs|btrfs|overlay|tmpfs|zfs|nfs4?|vfat|fuse[\w.]*) +)?([\d.]+[KMGTPi]*|-) +([\d.]+[KMGTPi]*|-) +(-?[\d.]+[KMGTPi]*|-) +(\d{1,3}%|-) +(\/.*)$/u;

/** df, df -h, df -i. Long names push the numbers to the next line. */
export const df = defineRecogniser({
  id: 'df',
  title: { en: 'disk space (df)', zh: '磁盘空间（df）' },
  commands: (c) => c.name === 'df',
  names: /(?:^|\/)df[hi]?(?:var|ivar)?(?:[-_]\w+)?(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^Filesystem +(?:Type +)?(?:\d*[KMG]?-?[Bb]locks|Size|Inodes|1K-blocks|1024-blocks)/u) > 0,
  read(piece, facts) {
    const inodes =
      piece.lines.some((l) => /^Filesystem +(?:Type +)?Inodes/u.test(l)) ||
      /-\w*i/u.test(piece.command?.text ?? '') ||
      piece.name.includes('dfi');
    let carried = '';
    return eachLine(piece, (line, i) => {
      if (line.startsWith('Filesystem ')) return true;
      const hit = DF.exec(carried + line);
      carried = '';
      if (hit === null) {
        if (/^\/[^ ]+$/u.test(line)) carried = `${line} `;
        return carried !== '';
      }
      const percent = /^(\d+)%/u.exec(hit[6] ?? '')?.[1];
      if (percent !== undefined && host(piece))
        facts.observe(`disk.${hit[7] ?? ''}.${inodes ? 'inodes-used-percent' : 'used-percent'}`, Number(percent), sourceOf(piece, i));
      if (hit[2] !== undefined && host(piece)) facts.observe(`disk.${hit[7] ?? ''}.fs-type`, hit[2], sourceOf(piece, i));
      return true;
    });
  },
});

/** free, swapon, /proc/swaps, /proc/meminfo. */
export const memory = defineRecogniser({
  id: 'memory',
  title: { en: 'memory and swap', zh: '内存与交换分区' },
  commands: (c) => c.name === 'free' || c.name === 'swapon' || c.words.some((w) => w === '/proc/swaps' || w === '/proc/meminfo'),
  names: /(?:^|\/)(?:free[hm]?(?:\.txt)?|proc\/swaps|proc\/meminfo|meminfo|swapon(?:[-_]\w+)?)$/u,
  look: (lines) =>
    fitting(lines, /^ +total +used +free/u) > 0 ||
    fitting(lines, /^(?:Filename|NAME)[ \t]+(?:Type|TYPE)[ \t]+(?:Size|SIZE)/u) > 0 ||
    fitting(lines, /^MemTotal: +\d+ kB/u) > 0,
  read(piece, facts) {
    const listing = piece.command?.name === 'swapon' || /swaps?/u.test(piece.command?.text ?? piece.name);
    let entries = 0;
    const understood = eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const row = /^(Mem|Swap): +([\d.]+)([KMGTBi]*)/u.exec(line);
      if (row !== null && host(piece)) {
        const kb = Math.round(
          Number(row[2]) *
            ({ B: 1 / 1024, K: 1, M: 1024, G: 1_048_576, T: 1_073_741_824 }[(row[3] ?? '')[0] ?? ''] ??
              (/-\w*m/u.test(piece.command?.text ?? '') ? 1024 : /-\w*g/u.test(piece.command?.text ?? '') ? 1_048_576 : 1)),
        );
        if (row[1] === 'Swap') {
          facts.observe('swap.enabled', kb > 0, source);
          facts.observe('swap.total-kb', kb, source);
        } else facts.observe('memory.total-kb', kb, source);
        return true;
      }
      const info = /^(MemTotal|MemAvailable|SwapTotal): +(\d+) kB/u.exec(line);
      if (info !== null && host(piece)) {
        if (info[1] === 'SwapTotal') facts.observe('swap.enabled', Number(info[2]) > 0, source);
        facts.observe(
          info[1] === 'MemTotal' ? 'memory.total-kb' : info[1] === 'MemAvailable' ? 'memory.available-kb' : 'swap.total-kb',
          Number(info[2]),
          source,
        );
        return true;
      }
      if (/^(?:Filename|NAME)[ \t]|^ +total|^\w+: +\d+ kB/u.test(line)) return true;
      const swap = /^(\/[^ \t]+)[ \t]+(partition|file)[ \t]+([\d.]+)/u.exec(line);
      if (swap === null) return false;
      entries += 1;
      if (host(piece)) facts.observe('swap.enabled', true, source);
      return true;
    });
    if (listing && entries === 0 && host(piece) && piece.lines.every((l) => l === '' || /^(?:Filename|NAME)[ \t]/u.test(l)))
      facts.observe('swap.enabled', false, sourceOf(piece));
    return understood;
  },
});

/** /proc/cgroups, cgroup.controllers, stat -fc %T /sys/fs/cgroup. */
export const cgroups = defineRecogniser({
  id: 'cgroups',
  title: { en: 'control groups', zh: '控制组' },
  commands: (c) =>
    c.words.some(
      (w) =>
        w === '/proc/cgroups' ||
        w.endsWith('cgroup.controllers') ||
        w.endsWith('cgroup.subtree_control') ||
        w === '/sys/fs/cgroup' ||
        w === '/sys/fs/cgroup/',
    ),
  names: /(?:^|\/)(?:proc\/cgroups|cgroup\.controllers)$/u,
  look: (lines) => fitting(lines, /^#subsys_name[ \t]+hierarchy/u) > 0,
  read(piece, facts) {
    if (!host(piece)) return new Set();
    const table = piece.lines.some((l) => l.startsWith('#subsys_name'));
    if (table)
      facts.observe(
        'cgroup.memory-known',
        piece.lines.some((l) => /^memory[ \t]/u.test(l)),
        sourceOf(piece, 0),
      );
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const type = /^(cgroup2fs|tmpfs)$/u.exec(line.trim())?.[1];
      if (type !== undefined) facts.observe('cgroup.version', type === 'cgroup2fs' ? 2 : 1, source);
      const row = /^(\w+)[ \t]+(\d+)[ \t]+(\d+)[ \t]+([01])$/u.exec(line);
      if (row !== null) {
        if (row[4] === '1') facts.observeMore('cgroup.controllers', [row[1] ?? ''], source);
        if (row[1] === 'memory') facts.observe('cgroup.memory-enabled', row[4] === '1', source);
        return true;
      }
      if (/^(?:cpuset|cpu|io|memory|hugetlb|pids|rdma|misc)(?: [a-z]+)*$/u.test(line.trim())) {
        const names = line.trim().split(' ');
        facts.observeMore('cgroup.controllers', names, source);
        facts.observe('cgroup.memory-enabled', names.includes('memory'), source);
        facts.observe('cgroup.version', 2, source);
        return true;
      }
      return type !== undefined || line.startsWith('#');
    });
  },
});

/** timedatectl, chronyc tracking, ntpstat, date. Offsets in seconds: positive = the clock is ahead. */
export const clock = defineRecogniser({
  id: 'clock',
  title: { en: 'clock', zh: '时钟' },
  commands: (c) => /^(?:timedatectl|chronyc|ntpq|ntpstat|date|hwclock)$/u.test(c.name),
  names: /(?:^|\/)(?:timedatectl|chronyc|date)(?:[-_]\w+)?(?:\.txt)?$/u,
  look: (lines) =>
    fitting(
      lines,
      /^ *(?:Local time|Universal time|NTP synchronized|System clock synchronized|RTC time|Reference ID|System time|Last offset|Leap status) *: /u,
    ) >= 2,
  read(piece, facts) {
    if (!host(piece)) return new Set();
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const synced = /(?:NTP|System clock) synchronized: (yes|no)/u.exec(line)?.[1];
      if (synced !== undefined) facts.observe('clock.ntp-synchronised', synced === 'yes', source);
      const service = /(?:NTP service|Network time on|NTP enabled): (\w+)/u.exec(line)?.[1];
      if (service !== undefined) facts.observe('clock.ntp-service', service, source);
      const rtc = /RTC time: (.+)$/u.exec(line)?.[1];
      if (rtc !== undefined) facts.observe('clock.has-rtc', !rtc.includes('n/a'), source);
      const off = /System time *: ([\d.]+) seconds (fast|slow) of NTP time/u.exec(line);
      if (off !== null) facts.observe('clock.offset-seconds', Number(off[1]) * (off[2] === 'slow' ? -1 : 1), source);
      const leap = /Leap status *: (.+)$/u.exec(line)?.[1];
      if (leap !== undefined) facts.observe('clock.ntp-synchronised', leap.trim() !== 'Not synchronised', source);
      const utc = /Universal time: \w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/u.exec(line);
      if (utc !== null) facts.observe('clock.now', `${utc[1] ?? ''}T${utc[2] ?? ''}Z`, source);
      const date = piece.command?.name === 'date' ? dateOutput(line) : Number.NaN;
      if (!Number.isNaN(date)) facts.observe('clock.now', new Date(date).toISOString(), source);
      const unsynchronised = /^unsynchronised|506 Cannot talk to daemon/u.test(line);
      if (unsynchronised) facts.observe('clock.ntp-synchronised', false, source);
      return /^ *[A-Z][\w ]+: |^\^|^[*+#^-]|^=/u.test(line) || !Number.isNaN(date) || unsynchronised || /^\w{3} \w{3} +\d/u.test(line);
    });
  },
});

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec';
/** Zones whose abbreviation means one offset, in hours. CST and the like mean several and are left out. */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  WEST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  EST: -5,
  EDT: -4,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  JST: 9,
  KST: 9,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
};

/** Milliseconds of what date(1) prints, in its two usual forms and as ISO 8601; NaN where it is none or the zone is not certain. */
export function dateOutput(line: string): number {
  const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)? ?(?:Z|[+-]\d\d:?\d\d)$/u.test(line.trim());
  if (iso)
    return Date.parse(
      line
        .trim()
        .replace(' ', 'T')
        .replace(',', '.')
        .replace(/ ?([+-]\d\d):?(\d\d)$/u, '$1:$2'),
    );
  const old = /^\w{3},? +([A-Z][a-z]{2}) +(\d{1,2}) +(\d\d?):(\d\d):(\d\d)(?: ([AP])M)? +([A-Z]{1,4}|[+-]\d{2,4}) +(\d{4})$/u.exec(
    line.trim(),
  );
  const fresh = /^\w{3},? +(\d{1,2}) +([A-Z][a-z]{2}) +(\d{4}) +(\d\d?):(\d\d):(\d\d)(?: ([AP])M)? +([A-Z]{1,4}|[+-]\d{2,4})$/u.exec(
    line.trim(),
  );
  const parts =
    old !== null
      ? { month: old[1], day: old[2], h: old[3], m: old[4], s: old[5], half: old[6], zone: old[7], year: old[8] }
      : fresh !== null
        ? { month: fresh[2], day: fresh[1], h: fresh[4], m: fresh[5], s: fresh[6], half: fresh[7], zone: fresh[8], year: fresh[3] }
        : undefined;
  const month = MONTHS.indexOf(parts?.month ?? '?') / 4;
  if (parts === undefined || !Number.isInteger(month) || month < 0) return Number.NaN;
  const numeric = /^([+-]\d\d)(\d\d)?$/u.exec(parts.zone ?? '');
  const zone = numeric === null ? ZONES[parts.zone ?? ''] : Number(numeric[1]) + Number(numeric[2] ?? 0) / 60;
  if (zone === undefined) return Number.NaN;
  const hour = (Number(parts.h) % (parts.half === undefined ? 24 : 12)) + (parts.half === 'P' ? 12 : 0);
  return Date.UTC(Number(parts.year), month, Number(parts.day), hour, Number(parts.m), Number(parts.s)) - zone * 3_600_000;
}

/** conntrack -S, conntrack -C. */
export const conntrack = defineRecogniser({
  id: 'conntrack',
  title: { en: 'connection tracking (conntrack)', zh: '连接跟踪（conntrack）' },
  commands: (c) => c.name === 'conntrack',
  names: /(?:^|\/)conntrack(?:\.txt|\.out)?$/u,
  look: (lines) => fitting(lines, /^cpu=\d+ .*insert_failed=\d+/u) > 0,
  read(piece, facts) {
    const failed: number[] = [];
    const understood = eachLine(piece, (line, i) => {
      const n = /insert_failed=(\d+)/u.exec(line)?.[1];
      if (n !== undefined) {
        failed.push(Number(n));
        return true;
      }
      const count = /^(\d+)$/u.exec(line.trim())?.[1];
      if (count !== undefined && host(piece)) facts.observe('conntrack.count', Number(count), sourceOf(piece, i));
      return count !== undefined || /^(?:conntrack v|ipv4 +|tcp +|udp +)/u.test(line);
    });
    if (failed.length > 0 && host(piece))
      facts.observe(
        'conntrack.insert-failed',
        failed.reduce((a, b) => a + b),
        sourceOf(piece, 0),
      );
    return understood;
  },
});

/** ethtool -k and -i. */
export const ethtool = defineRecogniser({
  id: 'ethtool',
  title: { en: 'network card (ethtool)', zh: '网卡（ethtool）' },
  commands: (c) => c.name === 'ethtool',
  names: /(?:^|\/)ethtool(?:[-_].+)?(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^(?:Features for [\w.@-]+:|tx-checksumming: |rx-checksumming: )/u) > 0,
  read(piece, facts) {
    let name = piece.command === undefined ? 'default' : (argumentsOf(piece.command)[0] ?? 'default');
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const head = /^(?:Features for|Settings for) ([\w.@-]+):/u.exec(line)?.[1];
      if (head !== undefined) name = head;
      const tx = /^[ \t]*(tx-checksumming|tx-checksum-ip-generic): (on|off)/u.exec(line);
      if (tx !== null && host(piece)) facts.observe(`interface.${name}.tx-checksum`, tx[2] === 'on', source);
      const driver = /^driver: ([\w-]+)/u.exec(line)?.[1];
      if (driver !== undefined && host(piece)) {
        facts.observe(`interface.${name}.driver`, driver, source);
        if (driver === 'vmxnet3') facts.observe('virtualization', 'vmware', source);
      }
      return /^[ \t]*(?:[\w\-.][\w .-]*| ): /u.test(line) || head !== undefined;
    });
  },
});

/** nmcli device: which interfaces NetworkManager holds. */
export const nmcli = defineRecogniser({
  id: 'nmcli',
  title: { en: 'NetworkManager (nmcli)', zh: 'NetworkManager（nmcli）' },
  commands: (c) => c.name === 'nmcli',
  names: /(?:^|\/)(?:nmcli|rhel-statusnetworkmanager|networkmanager-configs)/u,
  look: (lines) => fitting(lines, /^DEVICE +TYPE +STATE +CONNECTION/u) > 0 || fitting(lines, /^unmanaged-devices ?=/u) > 0,
  read(piece, facts) {
    const managed: string[] = [];
    const cni: boolean[] = [];
    const understood = eachLine(piece, (line, i) => {
      const hit = /^([\w.@-]+) +(\w+) +(connected|connecting|disconnected|unmanaged|unavailable)\b/u.exec(line);
      if (hit !== null) {
        if (hit[3] !== 'unmanaged') managed.push(hit[1] ?? '');
        if (/^(?:cali|flannel|tunl|vxlan\.calico|cni|cilium|lxc|veth)/u.test(hit[1] ?? '')) cni.push(hit[3] === 'unmanaged');
        return true;
      }
      const rule = /^unmanaged-devices ?= ?(.+)$/u.exec(line)?.[1];
      if (rule !== undefined && host(piece)) facts.observe('networkmanager.unmanaged-cni', /cali|flannel/u.test(rule), sourceOf(piece, i));
      return rule !== undefined || /^DEVICE +TYPE|^\[keyfile\]/u.test(line);
    });
    if (!host(piece) || (managed.length === 0 && cni.length === 0)) return understood;
    facts.observe('networkmanager.active', true, sourceOf(piece, 0));
    facts.observe('networkmanager.managed', managed, sourceOf(piece, 0));
    if (cni.length > 0) facts.observe('networkmanager.unmanaged-cni', cni.every(Boolean), sourceOf(piece, 0));
    return understood;
  },
});

/** getenforce, sestatus, ausearch and lines of audit.log. */
export const selinux = defineRecogniser({
  id: 'selinux',
  title: { en: 'SELinux', zh: 'SELinux' },
  commands: (c) => /^(?:getenforce|sestatus|ausearch|semanage|sealert)$/u.test(c.name) || c.words.some((w) => w.endsWith('/audit.log')),
  names: /(?:^|\/)(?:rhel-getenforce|getenforce(?:\.txt)?|audit\.log|sestatus(?:\.txt)?)$/u,
  look: (lines) => fitting(lines, /\bavc: +denied +\{/u) > 0 || fitting(lines, /^SELinux status: +(?:enabled|disabled)/u) > 0,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const mode =
        /^(Enforcing|Permissive|Disabled)$/u.exec(line.trim())?.[1] ??
        /^Current mode: +(\w+)/u.exec(line)?.[1] ??
        /^SELinux status: +(disabled)/u.exec(line)?.[1];
      if (mode !== undefined && host(piece)) facts.observe('selinux.mode', mode.toLowerCase(), source);
      const denial = /\bavc: +denied/u.test(line);
      if (denial && host(piece)) facts.observeMore('selinux.denials', [line.trim().slice(0, 300)], source);
      return (
        mode !== undefined ||
        denial ||
        /^(?:type=|time->|----|SELinux|Loaded policy|Policy|Mode from|Max kernel|Memory protection|<no matches>)/u.test(line)
      );
    });
  },
});

/** id, groups: is the user in the docker group? */
export const id = defineRecogniser({
  id: 'id',
  title: { en: 'groups of a user (id, groups)', zh: '用户的组（id、groups）' },
  commands: (c) => c.name === 'id' || c.name === 'groups',
  look: (lines) => fitting(lines, /^uid=\d+\([\w.-]+\) gid=\d+/u) > 0,
  read(piece, facts) {
    const asked = piece.command === undefined ? undefined : argumentsOf(piece.command)[0];
    return eachLine(piece, (line, i) => {
      const user = /^uid=\d+\(([\w.-]+)\)/u.exec(line)?.[1] ?? /^([\w.-]+) : /u.exec(line)?.[1] ?? asked;
      const groups =
        /groups=(.*?)(?: context=.*)?$/u
          .exec(line)?.[1]
          ?.split(',')
          .map((g) => /\(([^)]+)\)/u.exec(g)?.[1] ?? g) ??
        (/^(?:[\w.-]+ : )?[\w-]+(?: [\w-]+)*$/u.test(line) ? line.replace(/^[\w.-]+ : /u, '').split(' ') : undefined);
      if (groups === undefined) return false;
      const source = sourceOf(piece, i);
      if (host(piece)) {
        if (user !== undefined) facts.observe(`user.${user}.groups`, groups, source);
        facts.observe('ssh.user-in-docker-group', groups.includes('docker'), source);
      }
      return true;
    });
  },
});

/** sshd -T: effective settings, one a line. */
export const sshdT = defineRecogniser({
  id: 'sshd-settings',
  title: { en: 'settings of sshd', zh: 'sshd 设置' },
  prose: true,
  commands: (c) =>
    c.name === 'sshd' ||
    (c.name === 'cat' && c.words.some((w) => w.endsWith('/sshd_config'))) ||
    (c.name === 'grep' && c.words.some((w) => w.endsWith('/sshd_config'))),
  names: /(?:^|\/)(?:sshd[-_]T(?:\.txt)?|sshd_config(?:\.d\/[^/]+)?)$/u,
  look: (lines) =>
    fitting(lines, /^(?:allowtcpforwarding|allowstreamlocalforwarding|pubkeyauthentication|maxstartups|usedns|permitopen) /iu) >= 2,
  read(piece, facts) {
    let matched = false;
    return eachLine(piece, (line, i) => {
      if (/^[ \t]*(?:#|$)/u.test(line)) return true;
      const hit = /^[ \t]*([A-Za-z]{4,40})[ \t]+(.+?)[ \t]*$/u.exec(line.replace(/^[^ :]*sshd_config:(?:\d+:)?/u, ''));
      if (hit === null) return false;
      if (/^match$/iu.test(hit[1] ?? '')) matched = true;
      // The first value of an option counts; what stands below Match holds for some only.
      if (host(piece) && !matched) facts.observe(`sshd.${(hit[1] ?? '').toLowerCase()}`, hit[2] ?? '', sourceOf(piece, i));
      return true;
    });
  },
});

/** What the host's own clock, disks and caches say through `nscd -g`. */
export const nscdStatistics = defineRecogniser({
  id: 'nscd-statistics',
  title: { en: 'name cache (nscd -g)', zh: '名称缓存（nscd -g）' },
  commands: (c) => c.name === 'nscd' && (c.words.includes('-g') || c.words.includes('-i')),
  look: (lines) => fitting(lines, /^(?:nscd configuration:|(?:passwd|group|hosts) cache:)/u) > 0,
  read(piece, facts) {
    // `nscd -i hosts && getent ahosts NAME`: does the name work now?
    if (piece.command?.words.includes('-i') === true) {
      const heals = piece.lines.some((l) => isAddress(l.trim().split(/[ \t]/u)[0] ?? ''));
      if (heals && /getent|ping/u.test(piece.command.text)) {
        facts.observe('lookup.heals-on', 'cache-flush', sourceOf(piece, 0));
        facts.observe('nscd.running', true, sourceOf(piece, 0));
      }
      return eachLine(piece, (l) => l.trim() !== '');
    }
    let section = '';
    return eachLine(piece, (line, i) => {
      const head = /^(\w+) cache:/u.exec(line)?.[1];
      if (head !== undefined) section = head;
      const enabled = /^ *(yes|no) +cache is enabled/u.exec(line)?.[1];
      if (enabled !== undefined && section === 'hosts' && host(piece)) {
        facts.observe('nscd.hosts-cache', enabled === 'yes', sourceOf(piece, i));
        facts.observe('nscd.running', true, sourceOf(piece, i));
        facts.view(HOST);
      }
      return true;
    });
  },
});
