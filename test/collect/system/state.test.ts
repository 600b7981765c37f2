/** Certificates, clock, kernel, units, configurations, proxies and folders, as the probe's records tell them. */
import { describe, expect, test } from 'vitest';
import { readCertificates } from '../../../src/collect/collectors/system/certificates.ts';
import { runtimeCgroupDriver } from '../../../src/collect/collectors/system/cgroup-driver.ts';
import { readClock } from '../../../src/collect/collectors/system/clock.ts';
import { readConfigurations } from '../../../src/collect/collectors/system/configurations.ts';
import { readInotify, readKernelState } from '../../../src/collect/collectors/system/kernel.ts';
import { knownValue, type Observations } from '../../../src/collect/collectors/system/parts.ts';
import { readPlaces } from '../../../src/collect/collectors/system/places.ts';
import { readProxies, withProxyCover } from '../../../src/collect/collectors/system/proxies.ts';
import { isExcepted } from '../../../src/facts/parse/no-proxy.ts';
import { fitting } from '../../../src/collect/collectors/system/role.ts';
import { readRunning, readUnits } from '../../../src/collect/collectors/system/services.ts';
import { readEngineInfo } from '../../../src/collect/collectors/docker-info.ts';
import type { Survey } from '../../../src/collect/collectors/processes.ts';
import { plain, record } from './support.ts';

const numbered = (path: string, text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line, i) => `${path}:${String(i + 1)}:${line}`)
    .join('\n');
const source = { kind: 'probe', probe: 'test' } as const;
const facts = (values: Readonly<Record<string, string | boolean>>): Observations =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, knownValue(value, source)]));

describe('certificates', () => {
  // Self-signed, CN=kube-apiserver, O=system, for a hundred years; its key was thrown away.
  const pem = `-----BEGIN CERTIFICATE-----
MIIByTCCAW6gAwIBAgIUJ/XUBSiofPKTfIc8jEuM0Mq4/aEwCgYIKoZIzj0EAwIw
KjEXMBUGA1UEAwwOa3ViZS1hcGlzZXJ2ZXIxDzANBgNVBAoMBnN5c3RlbTAgFw0y
NjExMjIwNTE5MDlaGA8yMTI2MTAyOTA1MTkwOVowKjEXMBUGA1UEAwwOa3ViZS1h
cGlzZXJ2ZXIxDzANBgNVBAoMBnN5c3RlbTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABFGNWDSkRp7zKSDYfUvZPJk7hf9gRFWEpLiGFiogLm5JwsqomNxu49m68R8L
dRTg8MXlD1ix6lYFbqipoLYw2cOjcDBuMB0GA1UdDgQWBBRFsOyjFwXMz1orfMrR
c7Ay9E/xsjAfBgNVHSMEGDAWgBRFsOyjFwXMz1orfMrRc7Ay9E/xsjAPBgNVHRMB
Af8EBTADAQH/MBsGA1UdEQQUMBKCCmt1YmVybmV0ZXOHBAoAAAQwCgYIKoZIzj0E
AwIDSQAwRgIhAI25JKsKnpw9Rytrfr3OPmNyZx1t4f9vIbOCDkY1x81AAiEA2TJa
Pf/TKJrMPPBa0AAawdZY64+NZw4XwfNvEpuwJho=
-----END CERTIFICATE-----
`;
  test('dates, names and line of the first one of a file', () => {
    const found = readCertificates([record('certificates', [], numbered('/etc/kubernetes/pki/apiserver.crt', pem + pem))]);
    expect(plain(found)).toMatchObject({
      'cert./etc/kubernetes/pki/apiserver.crt.sans': ['kubernetes', '10.0.0.4'],
      'cert./etc/kubernetes/pki/apiserver.crt.subject': 'CN=kube-apiserver, O=system',
    });
    expect(String(plain(found)['cert./etc/kubernetes/pki/apiserver.crt.not-after'])).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/u);
    expect(found['cert./etc/kubernetes/pki/apiserver.crt.not-after']?.source).toMatchObject({ kind: 'file', line: 1 });
  });
  test('one inside a kubeconfig', () => {
    const line = `/etc/kubernetes/kubelet.conf:18:    client-certificate-data: ${Buffer.from(pem).toString('base64')}\n`;
    expect(plain(readCertificates([record('kubeconfig-certificates', [], line)]))).toHaveProperty([
      'cert./etc/kubernetes/kubelet.conf.not-after',
    ]);
  });
  test.each([
    ['one that ends in the middle', pem.slice(0, 200)],
    ['junk between the marks', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('%s is no certificate, and no crash', (_, text) => {
    const found = plain(readCertificates([record('certificates', [], numbered('/etc/etcd/a.pem', text))]));
    expect(Object.values(found).every((value) => value === 'unobserved')).toBe(true);
  });
});

describe('clock', () => {
  test('files of the system cannot be younger than now', () => {
    const found = plain(readClock([record('time', [], '1000000000\n'), record('oldest', [], '1700000000 /etc/os-release\n')]));
    expect(found).toMatchObject({ 'clock.skewed': true, 'clock.now': '2001-09-09T01:46:40.000Z' });
  });
  test('chronyd knows the offset; one that follows nobody knows none', () => {
    const tracking = (leap: string): string =>
      `Reference ID    : 0A000001 (10.0.0.1)\nSystem time     : 75.250000000 seconds slow of NTP time\nLeap status     : ${leap}\n`;
    expect(plain(readClock([record('chronyc', [], tracking('Normal'))]))).toEqual({
      'clock.ntp-synchronised': true,
      'clock.offset-seconds': -75.25,
    });
    expect(plain(readClock([record('chronyc', [], tracking('Not synchronised'))]))).toEqual({ 'clock.ntp-synchronised': false });
  });
  test('another machine is held against the clock here', () => {
    expect(plain(readClock([record('time', [], '1000\n')], 1300))).toMatchObject({ 'clock.offset-seconds': -300 });
  });
});

describe('kernel', () => {
  const modules = (text: string): Readonly<Record<string, unknown>> => plain(readKernelState([record('kernel-modules', [], text)]));
  test('a module is missing only where the list of the running kernel is there', () => {
    expect(modules('- listed\noverlay available\nnf_conntrack loaded\n')).toMatchObject({
      'module.overlay.available': true,
      'module.overlay.loaded': false,
      'module.br_netfilter.available': false,
      'module.nf_conntrack.loaded': true,
    });
    expect(modules('nf_conntrack loaded\n')).toEqual({ 'module.nf_conntrack.loaded': true });
  });
  test('control groups: /proc/cgroups, or the unified controllers', () => {
    const cgroups = (text: string): unknown => plain(readKernelState([record('kernel-files', [], text)]))['cgroup.memory-enabled'];
    expect(cgroups('/proc/cgroups:#subsys_name\thierarchy\tnum_cgroups\tenabled\n/proc/cgroups:memory\t0\t1\t0\n')).toBe(false);
    expect(cgroups('/proc/cgroups:memory\t0\t1\t0\n/sys/fs/cgroup/cgroup.controllers:cpu memory pids\n')).toBe(true);
    expect(cgroups('/sys/fs/cgroup/cgroup.controllers:cpu pids\n')).toBe(false);
  });
  test('denials: those of containers, of the last hour, that were enforced', () => {
    const avc = (at: number, comm: string, permissive: string): string =>
      `type=AVC msg=audit(${String(at)}.123:7): avc:  denied  { read } for  pid=1 comm="${comm}" scontext=system_u:system_r:container_t:s0 permissive=${permissive}\n`;
    const told = avc(9000, 'coredns', '0') + avc(100, 'coredns', '0') + avc(9000, 'coredns', '1');
    const found = plain(readKernelState([record('time', [], '10000\n'), record('denials', [], told)]));
    expect(found['selinux.denials']).toEqual([avc(9000, 'coredns', '0').trimEnd()]);
  });
  test('inotify: none is a number too', () => {
    expect(plain(readInotify([record('inotify', [], '0\n')]))).toEqual({ 'inotify.instances-used': 0 });
    expect(readInotify([])).toEqual({});
  });
});

describe('units', () => {
  const unit = (fields: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> =>
    plain(
      readUnits([
        record(
          'units',
          [],
          `${Object.entries(fields)
            .map(([k, v]) => `${k}=${v}`)
            .join('\n')}\n`,
        ),
      ]),
    );
  test('one that is not installed, or not meant to run, is no stopped one', () => {
    expect(unit({ Id: 'crio.service', LoadState: 'not-found', ActiveState: 'inactive' })).toEqual({});
    expect(unit({ Id: 'containerd.service', LoadState: 'loaded', ActiveState: 'inactive', UnitFileState: 'disabled' })).not.toHaveProperty([
      'unit.containerd.active',
    ]);
    expect(unit({ Id: 'containerd.service', LoadState: 'loaded', ActiveState: 'failed', UnitFileState: 'enabled' })).toMatchObject({
      'unit.containerd.active': 'failed',
    });
  });
  test('a kubelet that ends again and again does not run', () => {
    expect(
      unit({ Id: 'kubelet.service', LoadState: 'loaded', ActiveState: 'activating', SubState: 'auto-restart', UnitFileState: 'enabled' }),
    ).toMatchObject({ 'kubelet.running': false });
  });
});

test('that a service does not run is said by root alone: others may not see every process', () => {
  const survey = (uid: number): Survey => ({
    own: {},
    unreadable: 0,
    uid,
    processes: new Map([[7, { pid: 7, comm: 'dockerd', state: 'S', ppid: 1, startTicks: 1, virtualBytes: 1, cgroups: [] }]]),
  });
  expect(plain(readRunning(survey(0)))).toMatchObject({ 'docker.running': true, 'firewalld.active': false });
  expect(plain(readRunning(survey(1000)))).toEqual({ 'docker.running': true });
});

describe('configurations', () => {
  const lines = (name: string, text: string): Readonly<Record<string, unknown>> =>
    plain(readConfigurations([record('config', [name], text)]));
  test('containerd: version, CRI plugin, systemd groups', () => {
    expect(
      lines(
        'containerd',
        '/etc/containerd/config.toml:1:version = 2\n/etc/containerd/config.toml:2:disabled_plugins = ["cri"] # docker\n/etc/containerd/config.toml:9:            SystemdCgroup = true\n',
      ),
    ).toEqual({ 'containerd.config-version': 2, 'containerd.cri-enabled': false, 'containerd.systemd-cgroup': true });
  });
  test('K3s has its own file: that of another containerd does not count', () => {
    expect(
      lines(
        'containerd',
        '/etc/containerd/config.toml:1:SystemdCgroup = false\n/var/lib/rancher/k3s/agent/etc/containerd/config.toml:1:  SystemdCgroup = true\n',
      ),
    ).toEqual({ 'containerd.systemd-cgroup': true });
  });
  test('ufw: the policy of one that is off is in nobody’s way', () => {
    expect(lines('ufw', '/etc/ufw/ufw.conf:4:ENABLED=no\n/etc/default/ufw:9:DEFAULT_FORWARD_POLICY="DROP"\n')).toEqual({
      'ufw.active': false,
    });
    expect(lines('ufw', '/etc/ufw/ufw.conf:4:ENABLED=yes\n/etc/default/ufw:9:DEFAULT_FORWARD_POLICY="DROP"\n')).toEqual({
      'ufw.active': true,
      'ufw.forward-policy': 'DROP',
    });
  });
  test('sshd: the first value holds, drop-ins before where they are included, and Match ends it', () => {
    const main = '/etc/ssh/sshd_config';
    expect(
      lines(
        'sshd',
        `${main}:1:Include /etc/ssh/sshd_config.d/*.conf\n${main}:5:AllowTcpForwarding yes\n${main}:9:Match User git\n${main}:10:MaxSessions 1\n/etc/ssh/sshd_config.d/50-cis.conf:1:AllowTcpForwarding no\n`,
      ),
    ).toEqual({ 'sshd.allowtcpforwarding': 'no' });
  });
  test('daemon.json, also one that is broken', () => {
    expect(lines('docker', '{"log-driver":"journald","dns":["10.0.0.1"],"exec-opts":["native.cgroupdriver=systemd"]}')).toEqual({
      'docker.log-driver': 'journald',
      'docker.dns': ['10.0.0.1'],
      'docker.dns-set': true,
      'docker.cgroup-driver': 'systemd',
    });
    expect(lines('docker', '{"log-driver":')).toEqual({});
  });
  test('the engine’s own words', () => {
    expect(
      plain(
        readEngineInfo({
          CgroupDriver: 'cgroupfs',
          ServerVersion: '24.0.7',
          HttpsProxy: 'http://user:hunter2@p:3128',
          Driver: 'overlay2',
          DriverStatus: [['Supports d_type', 'false']],
        }),
      ),
    ).toMatchObject({
      'docker.cgroup-driver': 'cgroupfs',
      'docker.version': '24.0.7',
      'docker.supports-d-type': false,
      'proxy.unit.docker': ['HTTPS_PROXY=http://p:3128'],
    });
  });
});

describe('the cgroup driver of the runtime that kubelet uses', () => {
  const driver = (values: Readonly<Record<string, string | boolean>>): unknown =>
    plain(runtimeCgroupDriver(facts(values)))['cgroup.driver.runtime'];
  test.each([
    [
      'containerd by the endpoint, Docker beside it',
      {
        'cgroup.driver.kubelet': 'systemd',
        'config.kubelet.containerRuntimeEndpoint': 'unix:///run/containerd/containerd.sock',
        'containerd.systemd-cgroup': true,
        'docker.cgroup-driver': 'cgroupfs',
      },
      'systemd',
    ],
    [
      'Docker, where the CRI plugin is off',
      { 'cgroup.driver.kubelet': 'systemd', 'containerd.cri-enabled': false, 'docker.cgroup-driver': 'cgroupfs' },
      'cgroupfs',
    ],
    ['Docker alone', { 'cgroup.driver.kubelet': 'systemd', 'docker.cgroup-driver': 'systemd' }, 'systemd'],
    ['no kubelet', { 'docker.cgroup-driver': 'systemd', 'containerd.systemd-cgroup': false }, undefined],
  ])('%s', (_, values, expected) => {
    expect(driver(values)).toBe(expected);
  });
});

describe('proxies', () => {
  test('of units and of processes; the process counts', () => {
    const found = plain(
      readProxies([
        record('process-proxies', ['kubelet', '812'], 'HTTPS_PROXY=http://10.0.0.60:3128\nNO_PROXY=localhost\n'),
        record(
          'config',
          ['proxies'],
          '/etc/systemd/system/kubelet.service.d/proxy.conf:2:Environment="HTTPS_PROXY=http://old:1"\n/etc/systemd/system/docker.service.d/p.conf:2:Environment="HTTP_PROXY=http://p:3128" "NO_PROXY=a,b"\n',
        ),
      ]),
    );
    expect(found).toMatchObject({
      'proxy.unit.kubelet': ['HTTPS_PROXY=http://10.0.0.60:3128', 'NO_PROXY=localhost'],
      'proxy.unit.docker': ['HTTP_PROXY=http://p:3128', 'NO_PROXY=a,b'],
      'proxy.https': 'http://10.0.0.60:3128',
      'proxy.set': true,
    });
    expect(found).not.toHaveProperty(['proxy.http']);
  });
  test.each([
    ['10.0.0.4', '10.0.0.0/8', true],
    ['10.0.0.4', 'localhost,.svc', false],
    ['api.corp', '.corp', true],
    ['api.corp', 'corp', true],
    ['api.corp', 'api.corp:6443', true],
    ['xcorp', 'corp', false],
    ['127.0.0.1', '', true],
    ['anything', '*', true],
  ])('%s under %s: %s', (host, exceptions, expected) => {
    expect(isExcepted(host, exceptions)).toBe(expected);
  });
  test('are held against the API server that kubelet asks', () => {
    const given = facts({ 'proxy.set': true, 'proxy.no-proxy': '.svc', 'kubeconfig.server': 'https://10.0.0.10:6443' });
    expect(plain(withProxyCover(given))['proxy.no-proxy-covers-cluster']).toBe(false);
    expect(withProxyCover(facts({ 'proxy.set': true }))).not.toHaveProperty(['proxy.no-proxy-covers-cluster']);
  });
});

test('folders: CNI files, owner and mode of etcd, an enabled unit', () => {
  expect(
    plain(
      readPlaces([
        record('directory', ['/etc/cni/net.d'], '10-calico.conflist\ncalico-kubeconfig\n'),
        record('owners', [], 'drwx------ 3 104 107 4096 Nov  1 10:00 /var/lib/etcd\n'),
        record('existing', [], '/etc/systemd/system/timers.target.wants/nm-cloud-setup.timer\n'),
      ]),
    ),
  ).toMatchObject({
    'cni.config-files': ['10-calico.conflist'],
    'etcd.data-dir-mode': '700',
    'etcd.data-dir-owner': '104:107',
    'nm-cloud-setup.enabled': true,
  });
});

test('what is a fault on a node only is not told of other machines', () => {
  const given = facts({
    'cert./etc/kubernetes/pki/a.crt.not-after': '2020-01-01',
    'cgroup.memory-enabled': false,
    'mount./.propagation': 'private',
    'sshd.allowtcpforwarding': 'no',
    'disk./.fs-type': 'ext4',
  });
  expect(Object.keys(fitting(given, { node: false, rke: false }))).toEqual(['disk./.fs-type']);
  expect(Object.keys(fitting(given, { node: true, rke: false }))).not.toContain('sshd.allowtcpforwarding');
  expect(fitting(given, { node: true, rke: true })).toEqual(given);
});
