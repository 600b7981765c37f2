import { evidenceTable } from './_support/evidence-table.ts';

evidenceTable({
  'docker-version-unsupported': {
    finds: ['FATA[0003] Unsupported Docker version found [27.1.0] on host [192.0.2.4], supported versions are [20.10.x 23.0.x]\n'],
    clears: ['INFO[0003] [dialer] Setup tunnel for host [192.0.2.4]\n'],
    cannotTell: ['==> facts <==\nnote: the docker version is not supported by rke\n'],
  },
  'docker-not-running-or-socket-elsewhere': {
    finds: [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n\n$ systemctl is-active docker\ninactive\n',
    ],
    clears: ['dial unix /var/run/docker.sock: connect: permission denied\n'],
    cannotTell: ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n'],
  },
  'cri-runtime-not-running': {
    finds: [
      'rpc error: desc = "transport: Error while dialing dial unix /run/containerd/containerd.sock: connect: no such file or directory"\n\n$ systemctl is-active containerd\ninactive\n',
    ],
    clears: [
      '\t[ERROR CRI]: container runtime is not running: rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService\n',
    ],
    cannotTell: [
      'rpc error: desc = "transport: Error while dialing dial unix /run/containerd/containerd.sock: connect: no such file or directory"\n',
    ],
  },
  'cgroup-driver-mismatch': {
    finds: [
      'failed to run Kubelet: misconfiguration: kubelet cgroup driver: "systemd" is different from docker cgroup driver: "cgroupfs"\n',
      '==> /etc/containerd/config.toml <==\nversion = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = false\n\n==> facts <==\ncgroup_version: 2\n',
    ],
    clears: [
      '==> /etc/containerd/config.toml <==\nversion = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = true\n\n==> /var/lib/kubelet/config.yaml <==\nkind: KubeletConfiguration\ncgroupDriver: systemd\n',
    ],
    cannotTell: ['Normal  SandboxChanged  5m  kubelet  Pod sandbox changed, it will be killed and re-created.\n'],
  },
  'containerd-cri-disabled': {
    finds: [
      'validate service connection: CRI v1 runtime API is not implemented for endpoint "unix:///run/containerd/containerd.sock"\n',
      '==> /etc/containerd/config.toml <==\ndisabled_plugins = ["cri"]\n',
    ],
    clears: ['==> /etc/containerd/config.toml <==\n#disabled_plugins = ["cri"]\n'],
    cannotTell: ['level=warning msg="failed to load plugin io.containerd.grpc.v1.cri" error="invalid plugin config"\n'],
  },
  'runtime-socket-ambiguous': {
    finds: ["Found multiple CRI endpoints on the host. Please define which one do you wish to use by setting the 'criSocket' field\n"],
    clears: ['$ crictl version\nVersion:  0.1.0\nRuntimeName:  containerd\n'],
    cannotTell: ['==> facts <==\nnote: both docker and containerd are installed\nruntimes: two runtimes\n'],
  },
  'docker-log-driver-not-readable': {
    finds: ['Error response from daemon: configured logging driver does not support reading\n'],
    clears: ['$ docker info\n Logging Driver: json-file\n'],
    cannotTell: ['$ docker info\n Logging Driver: journald\n'],
  },
  'docker-selinux-label-unknown': {
    finds: [
      'FATA[0009] [selinux] Host [192.0.2.4] does not recognize SELinux label [label=type:rke_container_t]. This is required for Kubernetes version [1.24]\n',
    ],
    clears: ['INFO[0009] [selinux] Checking if host [192.0.2.4] recognizes SELinux label [label=type:rke_container_t]\n'],
    cannotTell: ['==> facts <==\nrancher-selinux: not installed\n'],
  },
  'selinux-denials': {
    finds: ['type=AVC msg=audit(1.1:2): avc:  denied  { read } for  pid=7 comm="coredns" name="Corefile"\n'],
    clears: ['type=AVC msg=audit(1.1:2): avc:  denied  { read } for  pid=7 comm="x"\n\n$ getenforce\nPermissive\n'],
    cannotTell: ['fork/exec /var/lib/rancher/k3s/data/abc/bin/containerd: permission denied\n'],
  },
  'apparmor-parser-missing': {
    finds: [
      'failed to create containerd container: get apparmor_parser version: exec: "apparmor_parser": executable file not found in $PATH\n',
    ],
    clears: [
      'failed to create containerd container: get apparmor_parser version: exec: "apparmor_parser": executable file not found in $PATH\n\n$ cat /sys/module/apparmor/parameters/enabled\nN\n',
    ],
    cannotTell: ['==> facts <==\napparmor_parser: not installed\n'],
  },
  'overlay-on-unsupported-filesystem': {
    finds: ['overlay2: the backing xfs filesystem is formatted without d_type support, which leads to incorrect behavior.\n'],
    clears: ['$ docker info\n Storage Driver: overlay2\n  Supports d_type: true\n'],
    cannotTell: ['failed to mount overlay: invalid argument\n'],
  },
});
