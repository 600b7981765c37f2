import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { recognisers } from '../../../src/evidence/recognisers/index.ts';
import type { ObservationValue } from '../../../src/facts/node-facts.ts';
import { observations, read } from '../support.ts';

const TABLE: readonly (readonly [what: string, text: string, wanted: Readonly<Record<string, ObservationValue>>])[] = [
  ['lsmod with a grep that finds nothing', '$ lsmod | grep br_netfilter\n(empty)\n', { 'module.br_netfilter.loaded': false }],
  ['lsmod with a grep that finds', '$ lsmod | grep vxlan\nvxlan  90112  0\nudp_tunnel  20480  1 vxlan\n', { 'module.vxlan.loaded': true }],
  [
    'modprobe fails',
    '$ modprobe vxlan\nmodprobe: FATAL: Module vxlan not found in directory /lib/modules/6.1.0\n',
    { 'module.vxlan.available': false },
  ],
  [
    'stat -c with a format of its own',
    "$ stat -c '%U:%G %a %n' /var/lib/etcd\nroot:root 755 /var/lib/etcd\n",
    {
      'file./var/lib/etcd.exists': true,
      'file./var/lib/etcd.mode': '755',
      'file./var/lib/etcd.owner': 'root:root',
      'etcd.data-dir-owner': 'root:root',
      'etcd.data-dir-mode': '755',
    },
  ],
  [
    'df -h',
    '$ df -h\nFilesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        40G   40G     0 100% /\n/dev/mapper/a-very-long-name\n                100G   10G   90G  10% /var/lib/docker\n',
    { 'disk./.used-percent': 100, 'disk./var/lib/docker.used-percent': 10 },
  ],
  [
    'df -i',
    '$ df -i\nFilesystem      Inodes  IUsed IFree IUse% Mounted on\n/dev/sda1      2621440 2621440    0  100% /\n',
    { 'disk./.inodes-used-percent': 100 },
  ],
  [
    'free',
    '$ free -m\n               total        used        free\nMem:            3924         800        1000\nSwap:           2047           0        2047\n',
    { 'swap.enabled': true, 'swap.total-kb': 2_096_128 },
  ],
  ['swapon that lists nothing', '$ swapon --show\n(empty)\n', { 'swap.enabled': false }],
  [
    'timedatectl',
    '$ timedatectl\n               Local time: Mon 2026-03-02 10:00:00 UTC\n           Universal time: Mon 2026-03-02 10:00:00 UTC\n                 RTC time: n/a\nSystem clock synchronized: no\n              NTP service: inactive\n',
    { 'clock.ntp-synchronised': false, 'clock.has-rtc': false, 'clock.ntp-service': 'inactive', 'clock.now': '2026-03-02T10:00:00Z' },
  ],
  [
    'chronyc',
    '$ chronyc tracking\nReference ID    : 00000000 ()\nSystem time     : 312.500000000 seconds slow of NTP time\nLeap status     : Not synchronised\n',
    { 'clock.offset-seconds': -312.5, 'clock.ntp-synchronised': false },
  ],
  ['getenforce', '$ getenforce\nEnforcing\n', { 'selinux.mode': 'enforcing' }],
  [
    'systemctl is-active',
    '$ systemctl is-active firewalld nscd\nactive\ninactive\n',
    { 'unit.firewalld.active': 'active', 'firewalld.active': true, 'nscd.running': false },
  ],
  [
    'systemctl is-enabled of what is not there',
    '$ systemctl is-enabled nm-cloud-setup.service\nFailed to get unit file state for nm-cloud-setup.service: No such file or directory\n',
    { 'unit.nm-cloud-setup.enabled': 'not-found', 'nm-cloud-setup.enabled': false },
  ],
  [
    'systemctl status',
    '$ systemctl status kubelet\n● kubelet.service - kubelet: The Kubernetes Node Agent\n     Loaded: loaded (/lib/systemd/system/kubelet.service; enabled; preset: enabled)\n     Active: activating (auto-restart) (Result: exit-code) since Mon 2026-03-02 10:00:00 UTC; 3s ago\n   Main PID: 4711 (code=exited, status=1/FAILURE)\n',
    {
      'unit.kubelet.active': 'activating',
      'unit.kubelet.enabled': 'enabled',
      'unit.kubelet.result': 'exit-code',
      'unit.kubelet.exit-status': 1,
    },
  ],
  [
    'a drop-in with proxies',
    '==> /etc/systemd/system/docker.service.d/proxy.conf <==\n[Service]\nEnvironment="HTTPS_PROXY=http://p:3128" "NO_PROXY=localhost"\n',
    {
      'proxy.https': 'http://p:3128',
      'proxy.no-proxy': 'localhost',
      'proxy.unit.docker': ['HTTPS_PROXY=http://p:3128', 'NO_PROXY=localhost'],
    },
  ],
  [
    'os-release',
    '$ cat /etc/os-release\nNAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n',
    { 'os.id': 'rocky', 'os.version': '9.3', 'os.family': 'rhel' },
  ],
  [
    'uname',
    '$ uname -a\nLinux n1 5.15.0-91-generic #101-Ubuntu SMP x86_64 x86_64 x86_64 GNU/Linux\n',
    { 'kernel.release': '5.15.0-91-generic', arch: 'x86_64' },
  ],
  [
    'control groups',
    '$ cat /proc/cgroups\n#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t0\t1\t1\nmemory\t0\t1\t0\n',
    { 'cgroup.memory-known': true, 'cgroup.memory-enabled': false },
  ],
  [
    'conntrack',
    '$ conntrack -S\ncpu=0   \tfound=0 invalid=3 insert=0 insert_failed=7 drop=7\ncpu=1   \tfound=0 invalid=3 insert=0 insert_failed=5 drop=5\n',
    { 'conntrack.insert-failed': 12 },
  ],
  [
    'ethtool',
    '$ ethtool -k flannel.1\nFeatures for flannel.1:\nrx-checksumming: on\ntx-checksumming: on\n\ttx-checksum-ip-generic: on\n',
    { 'interface.flannel.1.tx-checksum': true },
  ],
  [
    'nmcli',
    '$ nmcli device\nDEVICE       TYPE      STATE      CONNECTION\neth0         ethernet  connected  eth0\ncali0a1b2c3  ethernet  connected  --\n',
    { 'networkmanager.unmanaged-cni': false, 'networkmanager.managed': ['eth0', 'cali0a1b2c3'] },
  ],
  [
    'ls -l',
    '$ ls -l /etc/resolv.conf /var/run/docker.sock\nlrwxrwxrwx 1 root root 39 Mar  2 10:00 /etc/resolv.conf -> ../run/systemd/resolve/stub-resolv.conf\nsrw-rw---- 1 root docker 0 Mar  2 10:00 /var/run/docker.sock\n',
    {
      'file./etc/resolv.conf.link-target': '../run/systemd/resolve/stub-resolv.conf',
      'file./var/run/docker.sock.mode': '660',
      'file./var/run/docker.sock.owner': 'root:docker',
      'file./var/run/docker.sock.kind': 'socket',
    },
  ],
  [
    'a directory',
    '$ ls /etc/cni/net.d\n10-canal.conflist  calico-kubeconfig\n',
    { 'directory./etc/cni/net.d.entries': ['10-canal.conflist', 'calico-kubeconfig'], 'cni.config-files': ['10-canal.conflist'] },
  ],
  [
    'id',
    '$ id rancher\nuid=1000(rancher) gid=1000(rancher) groups=1000(rancher),27(sudo)\n',
    { 'user.rancher.groups': ['rancher', 'sudo'], 'ssh.user-in-docker-group': false },
  ],
  [
    'sshd -T',
    '$ sshd -T\nallowtcpforwarding no\nmaxstartups 10:30:100\n',
    { 'sshd.allowtcpforwarding': 'no', 'sshd.maxstartups': '10:30:100' },
  ],
  ['iptables -V', '$ iptables -V\niptables v1.8.2 (nf_tables)\n', { 'iptables.version': '1.8.2', 'iptables.backend': 'nft' }],
  ['mounts', '$ findmnt -o TARGET,PROPAGATION /\nTARGET PROPAGATION\n/      private\n', { 'mount./.propagation': 'private' }],
  ['a command that was run', 'kubeadm init --pod-network-cidr=192.168.0.0/16\n', { 'kube.pod-cidr': '192.168.0.0/16' }],
  [
    'ps',
    '$ ps aux\nUSER  PID %CPU COMMAND\nroot  501  0.0 /usr/sbin/nscd\nroot  777  1.0 /usr/bin/kubelet --resolv-conf=/etc/resolv.conf --cluster-dns=10.43.0.10 --fail-swap-on=false\n',
    {
      'nscd.running': true,
      'kubelet.resolv-conf': '/etc/resolv.conf',
      'kubelet.cluster-dns': ['10.43.0.10'],
      'kubelet.fail-swap-on': false,
    },
  ],
];

describe('system commands', () => {
  test.each(TABLE)('%s', async (_what, text, wanted) => {
    expect(observations(await read(text))).toMatchObject(wanted);
  });

  test('audit lines are kept', async () => {
    const s = await read('==> audit.log <==\ntype=AVC msg=audit(1.2:3): avc:  denied  { read } for  pid=1 comm="k3s" tcontext=x\n');
    expect(observations(s)['selinux.denials']).toHaveLength(1);
  });

  test('every recogniser of the folder is in the index, once', () => {
    const folder = fileURLToPath(new URL('../../../src/evidence/recognisers', import.meta.url));
    const declared = readdirSync(folder).flatMap((f) =>
      [...readFileSync(`${folder}/${f}`, 'utf8').matchAll(/= defineRecogniser\(\{\n {2}id: '([^']+)'/gu)].map((m) => m[1]),
    );
    expect(recognisers.map((r) => r.id).sort()).toEqual(declared.sort());
    expect(new Set(declared).size).toBe(declared.length);
  });

  test('every title is in both languages', () => {
    for (const r of recognisers) {
      expect(r.title.en, r.id).not.toBe('');
      expect(r.title.zh, r.id).not.toBe('');
    }
  });
});
