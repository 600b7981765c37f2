/** kubelet and runtime do not use the same cgroup driver. Source: kubernetes/website, configuring a cgroup driver; rancher/rke-tools entrypoint.sh. */
import type { Look, Test } from '../_checks/index.ts';
import { helped, asText, all, any, ask, evidenceCause, line, observed, off, on, stated, t, textual, without } from '../_checks/index.ts';

const drivers =
  (differ: boolean): Test =>
  ({ node }): Look => {
    const kubelet = node.observations['cgroup.driver.kubelet'];
    const runtime = node.observations['cgroup.driver.runtime'];
    if (kubelet?.state !== 'known' || runtime?.state !== 'known') return { seen: 'unknown' };
    const differs = asText(kubelet.value).toLowerCase() !== asText(runtime.value).toLowerCase();
    return differs === differ
      ? {
          seen: 'yes',
          kind: 'comparison',
          source: kubelet.source,
          values: { kubelet: asText(kubelet.value), runtime: asText(runtime.value) },
        }
      : { seen: 'no', source: kubelet.source };
  };
const systemdCgroupOff: Test = any(
  off('containerd.systemd-cgroup'),
  observed('containerd.systemd-cgroup', () => false, { whenAbsent: 'yes' }),
  line('cgroup-driver-mismatch/systemd-cgroup-false'),
  stated(
    { key: /systemd ?cgroup$/, value: /^(?:false|no\b|off|unset|missing|absent|not set)/i },
    { clause: [/systemd ?cgroup/i, /false|missing|absent|not set|\boff\b|without|lacks|unset|\bno\b/i] },
  ),
);
/** A version 1 file: the keys of containerd before 1.3, which know no SystemdCgroup below the CRI plugin. */
const oldConfig: Test = any(
  observed('containerd.config-version', (value) => typeof value === 'number' && value < 2, { kind: 'configuration' }),
  line('cgroup-driver-mismatch/config-v1'),
);
const cgroup2: Test = any(
  observed('cgroup.version', (value) => value === 2),
  stated({ key: /cgroup.*version|cgroup$|cgroups?$/, value: /\bv?2\b/i }, { whole: /cgroup ?v2|unified cgroup/i }),
  stated({
    key: /^(?:os|distribution|operating system)/,
    value: /ubuntu 2(?:1\.10|[2-9])|debian 1[1-9]|fedora|(?:rhel|rocky|alma)[^;]*9|arch/i,
  }),
);
const flapping: Test = any(
  stated({
    whole:
      /(?:control.?plane|static|etcd|apiserver|pod|container)[^.;]*(?:crash|flap|restart|end|exit|stop|die|kill)|crashloopbackoff|sandboxchanged|exit code 0/i,
  }),
  line('cgroup-driver-mismatch/sandbox-changed'),
  (context) =>
    context.symptoms.some((one) => /crash|back-?off|exit/i.test(one.kind)) ? { seen: 'yes', kind: 'symptom' } : { seen: 'unknown' },
);

export const cgroupDriverMismatch = evidenceCause({
  id: 'cgroup-driver-mismatch',
  area: 'container-runtime',
  severity: 'critical',
  layer: 3,
  title: t('kubelet and the runtime use different cgroup drivers', 'kubelet 与容器运行时使用不同的 cgroup 驱动'),
  mechanism: t(
    'On a systemd host one manager of control groups is enough. With docker the kubelet compares and exits. With containerd nobody compares: without SystemdCgroup = true, systemd and runc fight over the groups, and control plane containers end one after the other without an error of their own.',
    '在 systemd 主机上应只有一个控制组管理者。使用 docker 时 kubelet 会比较并退出。使用 containerd 时无人比较：若没有 SystemdCgroup = true，systemd 与 runc 争用控制组，控制平面容器会轮流退出而自身没有错误。',
  ),
  summary: t('The cgroup drivers of kubelet and runtime differ.', 'kubelet 与运行时的 cgroup 驱动不一致。'),
  sources: [
    'kubernetes/website: Configuring a cgroup driver',
    'containerd docs/cri/config.md (SystemdCgroup)',
    'rancher/rke-tools entrypoint.sh',
  ],
  lookAlikes: ['memory-cgroup-missing', 'cgroup-v2-too-old-component', 'containerd-cri-disabled'],
  signatures: [
    {
      id: 'cgroup-driver-mismatch/kubelet',
      grade: 'direct',
      terminal: true,
      anchors: ['cgroup driver'],
      pattern:
        /(?:misconfiguration: )?kubelet cgroup driver: (?:\\?["']){0,2}(?<kubelet>[a-z]+)(?:\\?["']){0,2} is different from (?:docker|container runtime|cri-o|containerd) cgroup driver: (?:\\?["']){0,2}(?<runtime>[a-z]+)/i,
      matches: [
        'failed to run Kubelet: misconfiguration: kubelet cgroup driver: "systemd" is different from docker cgroup driver: "cgroupfs"',
        `misconfiguration: kubelet cgroup driver: "'cgroupfs'" is different from docker cgroup driver: "cgroupfs"`,
      ],
      rejects: ['detected "cgroupfs" as the Docker cgroup driver. The recommended driver is "systemd".'],
    },
    {
      id: 'cgroup-driver-mismatch/runc-systemd',
      grade: 'direct',
      anchors: ['expected cgroupsPath', 'invalid slice name', 'cgroup-parent for systemd cgroup'],
      pattern:
        /expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups|invalid slice name: |cgroup-parent for systemd cgroup should be a valid slice/i,
      matches: [
        'runc create failed: expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got "/kubepods/burstable/pod1" instead',
        'cgroup-parent for systemd cgroup should be a valid slice named as "xxx.slice"',
      ],
      rejects: ['Created slice kubepods-burstable.slice'],
    },
  ],
  lines: [
    {
      id: 'cgroup-driver-mismatch/detected-cgroupfs',
      grade: 'weak',
      anchors: ['as the Docker cgroup driver'],
      pattern: /detected "cgroupfs" as the Docker cgroup driver/,
      matches: ['[WARNING IsDockerSystemdCheck]: detected "cgroupfs" as the Docker cgroup driver. The recommended driver is "systemd".'],
      rejects: ['kubelet cgroup driver: "systemd"'],
    },
    {
      id: 'cgroup-driver-mismatch/systemd-cgroup-false',
      grade: 'weak',
      anchors: ['SystemdCgroup'],
      pattern: /^[ \t]*SystemdCgroup ?= ?false/,
      matches: ['            SystemdCgroup = false'],
      rejects: ['            SystemdCgroup = true'],
    },
    {
      id: 'cgroup-driver-mismatch/config-v1',
      grade: 'weak',
      anchors: ['[plugins.linux]', '[plugins.cri', 'containerd-shim"', 'runtime_root = ""'],
      pattern: /^[ \t]*\[plugins\.(?:linux|cri(?:\.[a-z.]+)?)\]|^[ \t]*shim = "containerd-shim"/,
      matches: ['[plugins.linux]', '    shim = "containerd-shim"'],
      rejects: ['[plugins."io.containerd.grpc.v1.cri"]'],
    },
    {
      id: 'cgroup-driver-mismatch/sandbox-changed',
      grade: 'weak',
      anchors: ['SandboxChanged', 'Pod sandbox changed'],
      pattern: /SandboxChanged|Pod sandbox changed, it will be killed and re-created/,
      matches: ['Normal  SandboxChanged  5m  kubelet  Pod sandbox changed, it will be killed and re-created.'],
      rejects: ['Normal  Created  5m  kubelet  Created container'],
    },
  ],
  confirm: [
    {
      when: helped(/systemd ?cgroup|cgroup ?driver|native\.cgroupdriver|cgroup ?manager/i),
      grade: 'direct',
      says: t('Another cgroup driver helped.', '更换 cgroup 驱动后恢复。'),
    },
    { when: drivers(true), grade: 'direct', says: t('The two configurations name different drivers.', '两份配置中的驱动不同。') },
    {
      when: all(systemdCgroupOff, any(cgroup2, flapping)),
      grade: 'direct',
      says: t(
        'SystemdCgroup is not true, on a cgroup v2 host or with control plane containers that end in turns.',
        'SystemdCgroup 不是 true，且主机使用 cgroup v2，或控制平面容器轮流退出。',
      ),
    },
    {
      when: all(oldConfig, any(cgroup2, flapping)),
      grade: 'direct',
      says: t(
        "containerd's file is of version 1 and sets no systemd cgroup driver, on a cgroup v2 host or with containers that end in turns.",
        'containerd 配置为版本 1 且未设置 systemd cgroup 驱动，而主机使用 cgroup v2，或容器轮流退出。',
      ),
    },
    {
      when: systemdCgroupOff,
      grade: 'strong',
      says: t("SystemdCgroup is not true in containerd's configuration.", 'containerd 配置中 SystemdCgroup 不是 true。'),
    },
    {
      when: stated({
        whole: /cgroup ?driver[^.;]*(?:differ|mismatch|not match|not the same|unequal)|systemd[^.;]*cgroupfs|cgroupfs[^.;]*systemd/i,
      }),
      grade: 'direct',
      says: t('It is stated that the drivers differ.', '陈述中提到两者驱动不同。'),
    },
    {
      when: all(line('cgroup-driver-mismatch/detected-cgroupfs'), flapping),
      grade: 'weak',
      says: t('docker uses cgroupfs on a systemd host.', 'docker 在 systemd 主机上使用 cgroupfs。'),
    },
    {
      when: line('cgroup-driver-mismatch/sandbox-changed'),
      grade: 'hint',
      says: t('Sandboxes are killed and made anew.', 'Pod 沙箱被杀死并重建。'),
    },
  ],
  refute: [
    {
      when: all(drivers(false), without(line('cgroup-driver-mismatch/kubelet'))),
      says: t('kubelet and runtime use the same driver.', 'kubelet 与运行时使用相同的驱动。'),
    },
    {
      when: all(
        on('containerd.systemd-cgroup'),
        observed('cgroup.driver.kubelet', textual(/systemd/)),
        without(line('cgroup-driver-mismatch/kubelet')),
      ),
      says: t('SystemdCgroup is true.', 'SystemdCgroup 为 true。'),
    },
  ],
  asks: [
    ask(
      "Which cgroup driver has kubelet, which has the runtime (SystemdCgroup in containerd's config.toml), and is the host on cgroup v2?",
      'kubelet 与运行时分别使用哪个 cgroup 驱动（containerd config.toml 中的 SystemdCgroup）？主机是否使用 cgroup v2？',
      "grep cgroupDriver /var/lib/kubelet/config.yaml; grep -n SystemdCgroup /etc/containerd/config.toml; docker info -f '{{.CgroupDriver}}'; stat -fc %T /sys/fs/cgroup",
    ),
  ],
  explains: [{ port: 10248 }],
  remedies: [
    {
      id: 'runtime-to-systemd',
      title: t(
        'Set the runtime to the systemd driver and restart runtime and kubelet',
        '把运行时设为 systemd 驱动，并重启运行时和 kubelet',
      ),
      risk: t('All containers of the node restart.', '节点上的容器全部重启。'),
      safety: 'disruptive',
      command:
        'cp /etc/containerd/config.toml /etc/containerd/config.toml.culprit; containerd config default | sed "s/SystemdCgroup = false/SystemdCgroup = true/" > /etc/containerd/config.toml && systemctl restart containerd kubelet',
      undo: 'cp /etc/containerd/config.toml.culprit /etc/containerd/config.toml && systemctl restart containerd kubelet',
      verify: ['grep -n SystemdCgroup /etc/containerd/config.toml', 'crictl ps'],
    },
    {
      id: 'docker-to-systemd',
      title: t('docker: native.cgroupdriver=systemd in daemon.json', 'docker：在 daemon.json 中设置 native.cgroupdriver=systemd'),
      risk: t('docker and its containers restart.', 'docker 及其容器会重启。'),
      safety: 'disruptive',
      command:
        'cp /etc/docker/daemon.json /etc/docker/daemon.json.culprit; printf \'{"exec-opts":["native.cgroupdriver=systemd"]}\' > /etc/docker/daemon.json && systemctl restart docker kubelet',
      undo: 'cp /etc/docker/daemon.json.culprit /etc/docker/daemon.json && systemctl restart docker kubelet',
      verify: ["docker info -f '{{.CgroupDriver}}'"],
    },
  ],
});
