import { describe, expect, test } from 'vitest';
import { chooseViews, idFromMounts, resolvesLikeHost } from '../../src/collect/collectors/choose-views.ts';
import { isMeant, namesFrom } from '../../src/collect/collectors/container-names.ts';
import { readCriContainers } from '../../src/collect/collectors/cri-runtime.ts';
import { withoutSecrets } from '../../src/collect/collectors/logs.ts';
import type { ProcessEntry, Survey } from '../../src/collect/collectors/processes.ts';
import { parseMountinfo } from '../../src/facts/parse/mountinfo.ts';

const ID = '0123456789abcdef'.repeat(4);

interface Given {
  readonly pid: number;
  readonly ppid: number;
  readonly comm?: string;
  readonly mnt: string;
  readonly net: string;
  readonly cgroup?: string;
  readonly state?: string;
}
const survey = (...given: readonly Given[]): Survey => ({
  own: { mnt: 'M', net: 'N', uts: 'U', pid: 'P' },
  processes: new Map(
    given.map(({ cgroup, ...p }): [number, ProcessEntry] => [
      p.pid,
      { comm: 'x', state: 'S', startTicks: p.pid, virtualBytes: 1, ...p, uts: 'U', cgroups: cgroup === undefined ? [] : [cgroup] },
    ]),
  ),
  uid: 0,
  unreadable: 0,
});
const init = { pid: 1, ppid: 0, comm: 'systemd', mnt: 'M', net: 'N' };
const shim = { pid: 10, ppid: 1, comm: 'containerd-shim', mnt: 'M', net: 'N' };
const container = { pid: 11, ppid: 10, mnt: 'C', net: 'X' };
const found = (s: Survey) => chooseViews(s).map((v) => `${v.id} ${v.runtime} ${String(v.pid)}`);

describe('which processes are views', () => {
  test.each<readonly [string, string, string]>([
    ['Docker, cgroup v1', `/docker/${ID}`, 'docker'],
    ['Docker, systemd driver', `/system.slice/docker-${ID}.scope`, 'docker'],
    [
      'containerd by kubelet, systemd driver',
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-${ID}.scope`,
      'containerd',
    ],
    ['containerd by kubelet, cgroupfs driver', `/kubepods/burstable/pod1-2-3/${ID}`, 'containerd'],
    ['CRI-O', `/kubepods.slice/kubepods-pod1.slice/crio-${ID}.scope`, 'cri-o'],
    ['podman', `/machine.slice/libpod-${ID}.scope`, 'plain'],
    ['a control group namespace seen from inside another', `/../../docker/${ID}`, 'docker'],
    ['systemd inside a container', `/docker/${ID}/init.scope`, 'docker'],
  ])('%s', (_, cgroup, runtime) => {
    expect(found(survey(init, shim, { ...container, cgroup }))).toEqual([`container:0123456789ab ${runtime} 11`]);
  });

  test.each<readonly [string, readonly Given[], readonly string[]]>([
    ['nothing but the host', [init, { ...init, pid: 5, ppid: 1 }], []],
    [
      'a shell that unshared its network',
      [init, { ...init, pid: 20, ppid: 1 }, { pid: 21, ppid: 20, mnt: 'M', net: 'Y' }],
      ['pid:21 plain 21'],
    ],
    [
      'children belong to the view of their parent',
      [init, shim, container, { ...container, pid: 12, ppid: 11 }, { ...container, pid: 13, ppid: 12 }],
      ['pid:11 plain 11'],
    ],
    [
      'a process that was let in later (docker exec) is no view of its own',
      [init, shim, container, { ...container, pid: 30, ppid: 10 }],
      ['pid:11 plain 11'],
    ],
    [
      'a container inside a container is not ours',
      [
        init,
        shim,
        container,
        { pid: 15, ppid: 11, comm: 'containerd-shim', mnt: 'C', net: 'X' },
        { pid: 16, ppid: 15, mnt: 'D', net: 'Z' },
      ],
      ['pid:11 plain 11'],
    ],
    [
      'a service that systemd put in a sandbox',
      [init, { pid: 7, ppid: 1, mnt: 'S', net: 'N', cgroup: '/system.slice/chronyd.service' }],
      [],
    ],
    [
      'the same, but with a network of its own',
      [init, { pid: 7, ppid: 1, mnt: 'S', net: 'O', cgroup: '/system.slice/x.service' }],
      ['pid:7 plain 7'],
    ],
    ['a pause container', [init, shim, { ...container, comm: 'pause' }], []],
    ['a zombie', [init, shim, { ...container, state: 'Z' }], []],
    ['started by somebody who is gone', [init, { ...container, ppid: 1 }], ['pid:11 plain 11']],
    ['let in from outside the process namespace', [init, { ...container, ppid: 0 }], ['pid:11 plain 11']],
  ])('%s', (_, processes, expected) => {
    expect(found(survey(...processes))).toEqual(expected);
  });

  test('Culprit in namespaces of its own: the machine and its containers are not ours, what it started is', () => {
    const outer = [init, shim, { ...container, cgroup: `/docker/${ID}` }].map((p) => ({
      ...p,
      mnt: p.mnt === 'M' ? 'M0' : p.mnt,
      net: p.net === 'N' ? 'N0' : p.net,
    }));
    const shell = { pid: 40, ppid: 1, mnt: 'M', net: 'N' };
    expect(found(survey(...outer, shell, { pid: 41, ppid: 40, mnt: 'Q', net: 'R' }))).toEqual(['pid:41 plain 41']);
  });

  test('without the right to see namespaces there are no views, and that is told', () => {
    expect(chooseViews({ ...survey(init), own: {} })).toEqual([]);
  });
});

test('an id from the files that an engine mounts', () => {
  expect(idFromMounts(parseMountinfo(`1 0 8:1 /var/lib/docker/containers/${ID}/hostname /etc/hostname rw - ext4 /dev/sda rw\n`))).toBe(ID);
  expect(idFromMounts(parseMountinfo('1 0 8:1 /x /etc/hostname rw - ext4 /dev/sda rw\n'))).toBeUndefined();
});

test("a view that reads the host's own files resolves like the host; one file of its own is enough not to", () => {
  const host = parseMountinfo('1 0 8:1 / / rw - ext4 a rw\n2 1 0:9 / /run rw - tmpfs t rw\n');
  const sandbox = parseMountinfo(
    '5 0 8:1 / / ro - ext4 a rw\n6 5 0:9 / /run rw - tmpfs t rw\n7 5 8:1 /etc /etc ro - ext4 a rw\n8 5 0:12 / /tmp rw - tmpfs t rw\n',
  );
  expect(resolvesLikeHost(sandbox, host)).toBe(true);
  expect(
    resolvesLikeHost(
      parseMountinfo('5 0 8:1 / / ro - ext4 a rw\n6 5 0:9 / /run rw - tmpfs t rw\n7 5 0:9 /h /etc/hosts rw - tmpfs t rw\n'),
      host,
    ),
  ).toBe(false);
  expect(resolvesLikeHost(parseMountinfo('5 0 8:1 / / ro - ext4 a rw\n6 5 0:40 / /run rw - tmpfs t rw\n'), host)).toBe(false);
});

describe('names of containers', () => {
  const record = (text: string) => [{ kind: 'names', args: [ID], data: Buffer.from(text) }];
  test('from what containerd writes beside them', () => {
    const text = `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json\n"io.kubernetes.cri.container-name":"coredns"\n"io.kubernetes.cri.sandbox-name":"coredns-abc"\n"io.kubernetes.cri.sandbox-namespace":"kube-system"\n"io.kubernetes.cri.image-name":"coredns:1.9"\n`;
    expect(namesFrom(ID, undefined, record(text))).toEqual({
      names: ['kube-system/coredns-abc/coredns', 'coredns', 'coredns-abc', ID.slice(0, 12), ID],
      image: 'coredns:1.9',
      component: 'coredns',
    });
  });

  test('from what CRI-O writes', () => {
    const text = `/run/containers/storage/overlay-containers/${ID}/userdata/config.json\n"io.kubernetes.container.name": "etcd"\n"io.kubernetes.pod.name": "etcd-n1"\n"io.kubernetes.pod.namespace": "kube-system"\n`;
    expect(namesFrom(ID, undefined, record(text))).toMatchObject({
      names: ['kube-system/etcd-n1/etcd', 'etcd', 'etcd-n1', ID.slice(0, 12), ID],
      runtime: 'cri-o',
    });
  });

  test("from an engine, dockershim's long name last of the readable ones", () => {
    const engine = {
      id: ID,
      names: ['k8s_kubedns_kube-dns-1_kube-system_x_0'],
      image: 'i:1',
      labels: {
        'io.kubernetes.container.name': 'kubedns',
        'io.kubernetes.pod.name': 'kube-dns-1',
        'io.kubernetes.pod.namespace': 'kube-system',
      },
      running: true,
      created: 0,
    };
    expect(namesFrom(ID, engine, []).names.slice(0, 4)).toEqual([
      'kube-system/kube-dns-1/kubedns',
      'kubedns',
      'kube-dns-1',
      'k8s_kubedns_kube-dns-1_kube-system_x_0',
    ]);
    expect(namesFrom(ID, { ...engine, names: ['kubelet'], labels: {} }, [])).toMatchObject({
      names: ['kubelet', ID.slice(0, 12), ID],
      runtime: 'docker',
    });
  });

  test('from crictl', () => {
    const text = JSON.stringify({
      containers: [
        {
          id: ID,
          metadata: { name: 'kube-proxy' },
          image: { image: 'sha256:1', userSpecifiedImage: 'rancher/hardened-kubernetes:v1' },
          labels: { 'io.kubernetes.pod.name': 'kube-proxy-n1' },
          state: 'CONTAINER_RUNNING',
          createdAt: '1700000000123456789',
        },
        { bad: 1 },
      ],
    });
    expect(readCriContainers(text)).toEqual([
      {
        id: ID,
        names: [],
        image: 'rancher/hardened-kubernetes:v1',
        labels: { 'io.kubernetes.pod.name': 'kube-proxy-n1', 'io.kubernetes.container.name': 'kube-proxy' },
        running: true,
        created: 1_700_000_000,
        cri: true,
      },
    ]);
    for (const other of ['', 'time="x" level=fatal', '[]', '{"containers":1}']) expect(readCriContainers(other)).toBeUndefined();
  });

  test.each([
    ['kubelet', true],
    [ID, true],
    [ID.slice(0, 4), true],
    [ID.slice(0, 3), false],
    ['11', true],
    ['12', false],
    ['container:0123456789ab', true],
    ['zzzz', false],
  ])('%s means it: %s', (word, expected) => {
    expect(isMeant(word, ['kubelet', ID], ID, 'container:0123456789ab', [11])).toBe(expected);
  });
});

describe('secrets in log lines', () => {
  test.each([
    ['Authorization: Bearer abcdef123456.xyz', 'Authorization: Bearer [removed]'],
    ['{"log":"token=K10abcdef::server:1234 joined"}', '{"log":"token=[removed] joined"}'],
    ['connecting to postgres://me:s3cr3t@db:5432/x', 'connecting to postgres://me:[removed]@db:5432/x'],
    ['"password": "hunter2222"', '"password": "[removed]"'],
    ['dial tcp [::1]:6443: connect: no route to host', 'dial tcp [::1]:6443: connect: no route to host'],
    ['invalid token: expired', 'invalid token: expired'],
    ['lookup rancher-metadata on 169.254.169.250:53: no such host', 'lookup rancher-metadata on 169.254.169.250:53: no such host'],
    ['http://user@host/', 'http://user@host/'],
  ])('%s', (line, expected) => {
    expect(withoutSecrets(line)).toBe(expected);
  });
});
