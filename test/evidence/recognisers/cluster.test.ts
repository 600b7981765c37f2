import { describe, expect, test } from 'vitest';
import { observations, read } from '../support.ts';

describe('kubectl', () => {
  test('pods and nodes', async () => {
    const s = await read(
      '$ kubectl get pods -A\nNAMESPACE     NAME             READY   STATUS             RESTARTS       AGE\nkube-system   coredns-5d7      0/1     CrashLoopBackOff   12 (3m ago)    40m\nkube-system   etcd-n1          1/1     Running            0              40m\n\n$ kubectl get nodes -o wide\nNAME   STATUS     ROLES    AGE   VERSION          INTERNAL-IP   EXTERNAL-IP   OS-IMAGE       KERNEL-VERSION   CONTAINER-RUNTIME\nn1     NotReady   master   40m   v1.28.5+rke2r1   10.0.2.15     <none>        Ubuntu 22.04   5.15.0           containerd://1.7.7\n',
    );
    expect(observations(s)).toMatchObject({
      'kube.pod.coredns-5d7.status': 'CrashLoopBackOff',
      'kube.pod.coredns-5d7.restarts': 12,
      'coredns.crash-loop': true,
      'kube.pods-failing': true,
      'kube.nodes-ready': false,
      'kube.node.n1.status': 'NotReady',
      'kube.node.n1.internal-ip': '10.0.2.15',
      'runtime.name': 'containerd',
    });
    expect(s.node.products).toMatchObject([{ name: 'rke2', version: 'v1.28.5+rke2r1' }]);
  });

  test('pods and nodes whose heading was cut off', async () => {
    const s = await read(
      '$ kubectl get nodes --no-headers\nn1   NotReady   control-plane,master   12d   v1.28.5+k3s1\nn2   Ready   <none>   12d   v1.28.5+k3s1\n\n$ kubectl get pods -A | grep coredns\nkube-system   coredns-5d7   0/1   CrashLoopBackOff   12 (3m ago)   40m\n',
    );
    expect(observations(s)).toMatchObject({
      'kube.node-count': 2,
      'kube.nodes-ready': false,
      'kube.node.n1.status': 'NotReady',
      'kube.pod.coredns-5d7.status': 'CrashLoopBackOff',
      'kube.pod.coredns-5d7.restarts': 12,
    });
  });

  test('healthy pods are no finding', async () => {
    const s = await read(
      '$ kubectl get pods -n kube-system\nNAME        READY   STATUS    RESTARTS   AGE\ncoredns-1   1/1     Running   0          18s\n',
    );
    expect(observations(s)['kube.pods-failing']).toBe(false);
    expect(s.symptoms).toEqual([]);
    expect(s.pieces?.[0]).toEqual({ name: 'kubectl get pods -n kube-system', takenFor: 'kubectl-pods', lines: 2 });
  });

  test('services and endpoints', async () => {
    const s = await read(
      '$ kubectl get svc -A\nNAMESPACE     NAME       TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)         AGE\nkube-system   kube-dns   ClusterIP   10.43.0.10   <none>        53/UDP,53/TCP   3d\n\n$ kubectl get endpoints webhook\nNAME      ENDPOINTS   AGE\nwebhook   <none>      3d\n',
    );
    expect(observations(s)).toMatchObject({ 'kube.dns-service-ip': '10.43.0.10', 'kube.service.webhook.endpoints': [] });
  });

  test('describe: conditions, taints, events', async () => {
    const s = await read(
      '$ kubectl describe node n1\nName:               n1\nTaints:             node.kubernetes.io/disk-pressure:NoSchedule\nConditions:\n  Type             Status  LastHeartbeatTime   Reason   Message\n  ----             ------  -----------------   ------   -------\n  DiskPressure     True    Mon, 02 Mar 2026    KubeletHasDiskPressure   kubelet has disk pressure\n  Ready            False   Mon, 02 Mar 2026    KubeletNotReady          container runtime network not ready\nPodCIDR:                     10.42.0.0/24\nEvents:\n  Type     Reason              Age   From     Message\n  Warning  FreeDiskSpaceFailed  3m    kubelet  failed to garbage collect required amount of images. Wanted to free 1 bytes\n',
    );
    expect(observations(s)).toMatchObject({
      'kube.node.n1.status': 'NotReady',
      'kube.pressure.disk': true,
      'kube.node.n1.taints': ['node.kubernetes.io/disk-pressure:NoSchedule'],
      'kube.node.n1.pod-cidr': '10.42.0.0/24',
      'kube.event-reasons': ['FreeDiskSpaceFailed'],
    });
  });
});

describe('objects as JSON', () => {
  test('pods, nodes and endpoints; their messages are searched for failures', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'coredns-1' },
      spec: {
        volumes: [{ name: 'r', hostPath: { path: '/var/run' } }],
        containers: [{ volumeMounts: [{ name: 'r', mountPath: '/var/run' }] }],
      },
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'coredns',
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'dial tcp 10.43.0.1:443: connect: no route to host' } },
            lastState: { terminated: { exitCode: 1 } },
          },
        ],
      },
    };
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n1' },
      spec: {},
      status: {
        conditions: [
          { type: 'DiskPressure', status: 'True' },
          { type: 'Ready', status: 'False' },
        ],
        addresses: [{ type: 'InternalIP', address: '10.0.0.4' }],
      },
    };
    const s = await read(
      `$ kubectl get pods,nodes -o json\n${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod, node, { kind: 'Endpoints', metadata: { name: 'hook' } }] }, undefined, 2)}\n`,
    );
    expect(observations(s)).toMatchObject({
      'kube.pod.coredns-1.status': 'CrashLoopBackOff',
      'kube.pod.coredns-1.restarts': 4,
      'coredns.crash-loop': true,
      'container.coredns.exit-code': 1,
      'container.mounts-var-run': true,
      'kube.node.n1.status': 'NotReady',
      'kube.pressure.disk': true,
      'kube.node.n1.pod-cidr': '',
      'kube.service.hook.endpoints': [],
    });
    expect(s.symptoms.some((x) => x.kind === 'dial-failed' && x.errno === 'EHOSTUNREACH')).toBe(true);
  });
});

describe('runtimes', () => {
  test('docker ps', async () => {
    const s = await read(
      '$ docker ps -a\nCONTAINER ID   IMAGE                       COMMAND                  CREATED       STATUS                        PORTS     NAMES\n0a1b2c3d4e5f   rancher/hyperkube:v1.20.9   "/opt/rke-tools/entr…"   3 hours ago   Restarting (255) 5 seconds ago             kube-apiserver\n1a1b2c3d4e5f   rancher/hyperkube:v1.20.9   "/opt/rke-tools/entr…"   3 hours ago   Up 3 hours                              kubelet\n',
    );
    expect(observations(s)).toMatchObject({
      'container.kube-apiserver.state': 'restarting',
      'container.kube-apiserver.exit-code': 255,
      'container.kubelet.state': 'running',
      'container.kubelet.uptime-seconds': 10_800,
    });
    expect(s.node.products).toMatchObject([{ name: 'rke' }]);
  });

  test('docker inspect: mounts, network, state', async () => {
    const inspect = JSON.stringify(
      [
        {
          Id: 'abcdef0123456789',
          Name: '/kubelet',
          HostsPath: '/var/lib/docker/containers/a/hosts',
          RestartCount: 3,
          State: { Status: 'exited', ExitCode: 137, OOMKilled: true, Error: '', StartedAt: '2026-03-02T10:00:00Z' },
          HostConfig: { NetworkMode: 'host', Binds: ['/var/run:/var/run:rprivate'] },
          Mounts: [{ Source: '/var/run', Destination: '/var/run', Propagation: 'rprivate' }],
          Config: { Image: 'k', Env: ['NO_PROXY=10.0.0.0/8', 'SECRET=x'], Labels: {} },
        },
      ],
      undefined,
      2,
    );
    const s = await read(`$ docker inspect kubelet\n${inspect}\n`);
    const view = s.node.views.find((v) => v.id === 'container:kubelet');
    expect(view).toMatchObject({
      netns: 'host',
      containerId: 'abcdef0123456789',
      image: 'k',
      startedAt: 1_772_445_600,
      mounts: { state: 'known', value: [{ target: '/var/run', hostPath: '/var/run' }, { target: '/etc/hosts' }] },
      env: { state: 'known', value: { NO_PROXY: '10.0.0.0/8' } },
    });
    expect(observations(s)).toMatchObject({
      'container.mounts-var-run': true,
      'container.kubelet.exit-code': 137,
      'container.kubelet.oom-killed': true,
      'container.kubelet.restarts': 3,
    });
  });

  test('docker info and daemon.json', async () => {
    const s = await read(
      '$ docker info\nServer:\n Server Version: 20.10.7\n Storage Driver: overlay2\n  Backing Filesystem: xfs\n  Supports d_type: false\n Logging Driver: journald\n Cgroup Driver: cgroupfs\n Cgroup Version: 1\nWARNING: IPv4 forwarding is disabled\n\n==> /etc/docker/daemon.json <==\n{\n  "exec-opts": ["native.cgroupdriver=systemd"],\n  "insecure-registries": ["10.0.0.1:5000"]\n}\n',
    );
    expect(observations(s)).toMatchObject({
      'docker.version': '20.10.7',
      'docker.supports-d-type': false,
      'docker.log-driver': 'journald',
      'cgroup.driver.runtime': 'cgroupfs',
      'docker.insecure-registries': ['10.0.0.1:5000'],
      'docker.dns': [],
      'docker.warnings': ['IPv4 forwarding is disabled'],
    });
  });

  test('containerd: an absent SystemdCgroup is false, a disabled plugin is off', async () => {
    const s = await read(
      '==> /etc/containerd/config.toml <==\ndisabled_plugins = ["cri"]\nroot = "/var/lib/containerd"\nstate = "/run/containerd"\n[grpc]\n  address = "/run/containerd/containerd.sock"\n',
    );
    expect(observations(s)).toMatchObject({
      'containerd.cri-enabled': false,
      'containerd.systemd-cgroup': false,
      'containerd.config-version': 1,
    });
    const v2 = await read(
      '==> /etc/containerd/config.toml <==\nversion = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = "registry.k8s.io/pause:3.9"\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = true\n',
    );
    expect(observations(v2)).toMatchObject({
      'containerd.systemd-cgroup': true,
      'containerd.config-version': 2,
      'containerd.sandbox-image': 'registry.k8s.io/pause:3.9',
    });
  });

  test('kubelet, registries, k3s and Corefile', async () => {
    const s = await read(
      '==> /var/lib/kubelet/config.yaml <==\nkind: KubeletConfiguration\ncgroupDriver: systemd\nclusterDNS:\n- 10.96.0.10\nresolvConf: /run/systemd/resolve/resolv.conf\nfailSwapOn: false\n\n==> /etc/rancher/k3s/registries.yaml <==\nmirrors:\n  "registry.example:5000":\n    endpoint:\n      - "http://10.0.0.9:5000"\nconfigs:\n  "registry.example:5000":\n    tls:\n      insecure_skip_verify: true\n\n==> /etc/rancher/k3s/config.yaml <==\nserver: https://10.0.0.1:6443\ntoken: verysecret\nnode-ip: 10.0.0.4\n\n==> Corefile <==\n.:53 {\n    errors\n    kubernetes cluster.local in-addr.arpa ip6.arpa {\n    }\n    forward . 10.9.9.9\n    loop\n}\n',
    );
    expect(observations(s)).toMatchObject({
      'cgroup.driver.kubelet': 'systemd',
      'kubelet.cluster-dns': ['10.96.0.10'],
      'kubelet.resolv-conf': '/run/systemd/resolve/resolv.conf',
      'kubelet.fail-swap-on': false,
      'registry.mirrors': ['registry.example:5000'],
      'registry.endpoints.registry.example:5000': ['http://10.0.0.9:5000'],
      'join.server-url': 'https://10.0.0.1:6443',
      'kubelet.node-ip': '10.0.0.4',
      'coredns.forward': ['10.9.9.9'],
      'coredns.zones': ['cluster.local'],
      'coredns.loop-plugin': true,
    });
    expect(JSON.stringify(s.node.observations)).not.toContain('verysecret');
  });

  test('compose file with proxies, also as a diff', async () => {
    const s = await read('==> docker-compose.yml <==\n+    - http_proxy=http://proxy.example:3128\n+    - no_proxy=localhost,.example\n');
    expect(observations(s)).toMatchObject({
      'proxy.http': 'http://proxy.example:3128',
      'proxy.no-proxy': 'localhost,.example',
      'proxy.set': true,
    });
  });
});

describe('certificates and etcd', () => {
  test('openssl x509', async () => {
    const s = await read(
      '$ openssl x509 -noout -text -in /etc/kubernetes/ssl/kube-apiserver.pem\n        Issuer: CN = kube-ca\n            Not Before: Mar  2 10:00:00 2025 GMT\n            Not After : Mar  2 10:00:00 2026 GMT\n        Subject: CN = kube-apiserver\n            X509v3 Subject Alternative Name:\n                DNS:localhost, IP Address:10.0.0.1\n',
    );
    expect(observations(s)).toMatchObject({
      'cert./etc/kubernetes/ssl/kube-apiserver.pem.not-after': '2026-03-02T10:00:00.000Z',
      'cert./etc/kubernetes/ssl/kube-apiserver.pem.sans': ['localhost', '10.0.0.1'],
      'cert./etc/kubernetes/ssl/kube-apiserver.pem.issuer': 'CN = kube-ca',
    });
  });

  test('etcdctl', async () => {
    const s = await read(
      '$ etcdctl member list\n8e9e05c52164694d, started, n1, https://10.0.0.1:2380, https://10.0.0.1:2379, false\n91bc3c398fb3c146, unstarted, , https://10.0.0.2:2380, , false\n\n$ etcdctl alarm list\nmemberID:10276657743932975437 alarm:NOSPACE\n',
    );
    expect(observations(s)).toMatchObject({ 'etcd.member-count': 2, 'etcd.alarms': ['NOSPACE'] });
  });
});
