/**
 * What to ask when the evidence points nowhere: the few facts that part the areas of the catalogue from one another, those first that
 * most failures of this product come from. A question whose facts are known already is left out.
 * Source of the order: which settings the installers' own documentation and their threads settle on, by product.
 */
import type { NodeFacts, ProductFacts } from '../facts/node-facts.ts';
import type { Need } from '../model/types.ts';
import type { Text } from '../shared/text.ts';

interface Opening {
  readonly what: Text;
  readonly command: string;
  /** Known already when one of these observations, or the file, is there. */
  readonly observations?: readonly string[];
  readonly files?: readonly string[];
  /** Asked before the others for these products. */
  readonly firstFor?: readonly ProductFacts['name'][];
  /** Asked for these products only. */
  readonly onlyFor?: readonly ProductFacts['name'][];
}

const OPENINGS: readonly Opening[] = [
  {
    what: {
      en: 'Which line ended the failing process or run? Show the last lines of its log: of the component itself, not of the installer.',
      zh: '是哪一行使故障进程或流程终止？请给出其日志的最后几行：组件自身的日志，而不是安装程序的。',
    },
    command: 'docker logs --tail 50 NAME   # or: crictl logs --tail 50 ID; journalctl -u kubelet -u k3s -u rke2-server -n 100',
  },
  {
    what: {
      en: 'What do the hosts file, resolv.conf and nsswitch.conf say, on the node and in the failing image, and what does localhost resolve to: a loopback address, or something that DNS answers (is localhost looked up at a name server, does localhost below a search domain have a record)?',
      zh: '节点上以及故障镜像中的 hosts 文件、resolv.conf 和 nsswitch.conf 内容是什么？localhost 解析为回环地址，还是由 DNS 应答（是否向 DNS 服务器查询 localhost？搜索域下是否有 localhost 的记录？）？',
    },
    command: 'cat /etc/hosts /etc/resolv.conf; grep ^hosts /etc/nsswitch.conf; getent ahosts localhost; nslookup localhost',
    files: ['/etc/hosts'],
    firstFor: ['kubernetes', 'rancher1', 'kubeadm'],
  },
  {
    what: {
      en: 'Does a local caching resolver (systemd-resolved, dnsmasq) run on the host, and which resolv.conf does kubelet (resolvConf) or docker (dns) hand on?',
      zh: '主机上是否运行本地缓存解析器（systemd-resolved、dnsmasq）？kubelet（resolvConf）或 docker（dns）交给容器的是哪个 resolv.conf？',
    },
    command: 'systemctl is-active systemd-resolved dnsmasq; grep resolvConf /var/lib/kubelet/config.yaml; cat /etc/docker/daemon.json',
    observations: ['local-resolver', 'kubelet.resolv-conf'],
    firstFor: ['kubernetes', 'rancher1'],
  },
  {
    what: {
      en: 'Do names resolve on the node and not in pods, in some images only (alpine, musl) or at random (5 s late, conntrack insert_failed rising)? Does a name with a trailing dot resolve, and does a search domain answer every name (a wildcard record) or nothing (an empty answer, SERVFAIL)?',
      zh: '名称是否在节点上能解析而在 Pod 中不能？是否只在某些镜像（alpine、musl）中失败，或随机出现（延迟 5 秒、conntrack insert_failed 增长）？末尾加点的名称能否解析？某个搜索域是否应答任何名称（泛解析记录）或返回空应答（SERVFAIL）？',
    },
    command:
      'getent ahosts NAME; kubectl exec POD -- cat /etc/resolv.conf; kubectl exec POD -- nslookup NAME.; dig +short RANDOM.SEARCHDOMAIN; conntrack -S',
    observations: ['lookup.trailing-dot.works', 'lookup.musl.works'],
    firstFor: ['kubernetes'],
  },
  {
    what: {
      en: 'Does the failing program use libc, its own resolver (Go) or a name cache: is nscd running on the host, is /var/run of the host mounted into the pod (strace shows a connect to nscd/socket), does the name end in .local (multicast DNS: mDNS, avahi) while the binary was built with CGO disabled, and does ping find it where the program does not?',
      zh: '故障程序使用 libc、自带解析器（Go）还是名称缓存？主机上是否运行 nscd，主机的 /var/run 是否挂载进 Pod（strace 显示连接 nscd/socket）？名称是否以 .local 结尾（组播 DNS、avahi）？ping 能找到而程序找不到吗？',
    },
    command: 'ps -C nscd,unscd; strace -f -e trace=network getent hosts NAME; grep ^hosts /etc/nsswitch.conf; dig NAME',
    observations: ['nscd.running', 'lookup.name-kind'],
    firstFor: ['rancher1'],
  },
  {
    what: {
      en: 'Is a host firewall running (firewalld or ufw active), what is the default policy of the FORWARD chain (DROP?), and does the API or registration port of the server answer from the failing node?',
      zh: '是否启用了主机防火墙（firewalld、ufw）？FORWARD 链的默认策略是什么（DROP？）？从故障节点访问服务端的 API 或注册端口是否有应答？',
    },
    command: 'firewall-cmd --state; ufw status verbose; iptables -S FORWARD; nc -vz -w 3 SERVER 6443',
    observations: ['firewalld.active', 'ufw.active', 'iptables.policy.FORWARD'],
    firstFor: ['k3s', 'rke2'],
  },
  {
    what: {
      en: 'Which distribution and virtualization is it (VMware VMs, RHEL 8 kernel?), which back end has iptables (nft or legacy mode, as Debian 10 defaults to nft), and is br_netfilter loaded?',
      zh: '使用哪个发行版和虚拟化平台（VMware 虚拟机、RHEL 8 内核？）？iptables 使用哪个后端（nft 还是 legacy，Debian 10 默认 nft）？是否加载了 br_netfilter？',
    },
    command: 'cat /etc/os-release; uname -r; systemd-detect-virt; iptables -V; lsmod | grep br_netfilter',
    observations: ['iptables.backend', 'virtualization'],
    firstFor: ['rke2', 'kubeadm'],
  },
  {
    what: {
      en: 'How do the nodes reach each other: which network interfaces and addresses have they, with which MTU, do node and pod ranges overlap, which CNI and back end (VXLAN), and does any leftover interface remain (an orphan veth on docker0, an old bridge)? Do pods reach pods on other nodes, and only Services not?',
      zh: '节点之间如何互通：有哪些网络接口和地址、MTU 是多少、节点与 Pod 网段是否重叠、使用哪种 CNI 和后端（VXLAN）、是否残留孤立的 veth 或网桥？跨节点 Pod 之间是否可达，是否只有 Service 不通？',
    },
    command: 'ip -br addr; ip -d link; ip route; kubectl get nodes -o wide',
    observations: ['interface.count', 'cni.backend'],
    firstFor: ['rke2', 'rancher1'],
  },
  {
    what: {
      en: "Is NetworkManager active, does an unmanaged-devices rule name the CNI's interfaces, and is nm-cloud-setup enabled?",
      zh: 'NetworkManager 是否在运行？是否有针对 CNI 接口的 unmanaged-devices 规则？nm-cloud-setup 是否启用？',
    },
    command:
      'systemctl is-active NetworkManager; grep -rn unmanaged-devices /etc/NetworkManager; systemctl is-enabled nm-cloud-setup.service nm-cloud-setup.timer',
    observations: ['networkmanager.active', 'nm-cloud-setup.enabled'],
    firstFor: ['rke2', 'k3s'],
  },
  {
    what: {
      en: 'Are proxy variables set where the failing program runs, and does no_proxy except the addresses of nodes, pods and Services?',
      zh: '故障程序所在环境是否设置了代理变量？no_proxy 是否排除了节点、Pod 和 Service 的地址？',
    },
    command: 'env | grep -i proxy; systemctl show -p Environment docker containerd k3s rke2-server kubelet',
    observations: ['proxy.set', 'proxy.http', 'proxy.https'],
    firstFor: ['rke', 'rancher'],
  },
  {
    what: {
      en: 'How full are disks and inodes (usage of / and /var: above 85 %, 95 %, 100 %?), and is the disk or volume of etcd fast enough (wal fsync below 10 ms)?',
      zh: '磁盘与 inode 的使用率是多少（/ 和 /var：是否超过 85 %、95 %、100 %）？etcd 所用磁盘或卷是否足够快（wal fsync 低于 10 毫秒）？',
    },
    command: 'df -h; df -i; free -m; cat /proc/swaps',
    observations: ['disk./.used-percent'],
    firstFor: ['k3s'],
  },
  {
    what: {
      en: 'What does the log of etcd itself say, which owner and mode (0700) has its data directory, is it from an earlier cluster or was it lost, and does the member list name each member once?',
      zh: 'etcd 自身的日志说了什么？其数据目录的属主和权限（0700）是什么，是否来自以前的集群或已丢失？成员列表中每个成员是否只出现一次？',
    },
    command: 'etcdctl member list; stat -c "%U %a %n" /var/lib/etcd; ls -ld --time-style=full-iso /var/lib/etcd/member',
    observations: ['etcd.healthy'],
    firstFor: ['rke'],
  },
  {
    what: {
      en: 'Does a capture at the receiver show packets of the overlay, and with wrong UDP checksums? Does switching tx-checksum-ip-generic off cure it?',
      zh: '接收端抓包能否看到隧道的数据包，其 UDP 校验和是否错误？关闭 tx-checksum-ip-generic 后是否恢复？',
    },
    command: 'tcpdump -vvni any udp port 8472 or udp port 4789 -c 20; ethtool -K flannel.1 tx-checksum-ip-generic off',
    observations: ['path.bad-udp-checksum'],
    firstFor: ['rke2'],
  },
  {
    what: {
      en: 'Is SELinux enforcing (does setenforce 0 cure it?) or AppArmor on and apparmor_parser installed, and which denials stand in the audit log?',
      zh: 'SELinux 是否为 enforcing（setenforce 0 后是否恢复）？AppArmor 是否启用且已安装 apparmor_parser？审计日志中有哪些拒绝记录？',
    },
    command: 'getenforce; ausearch -m avc -ts recent; aa-status',
    observations: ['selinux.mode'],
    firstFor: ['rke2'],
  },
  {
    what: {
      en: 'Is the node a container or a small board (LXC, kind, Raspberry Pi), which kernel limits are reached or cannot be written (inotify instances, conntrack max and hashsize), and which process holds the port?',
      zh: '节点本身是容器还是单板机（LXC、kind、树莓派）？哪些内核限制已达到或无法写入（inotify 实例、conntrack max 与 hashsize）？端口被哪个进程占用？',
    },
    command: 'systemd-detect-virt; uname -r; sysctl fs.inotify net.netfilter.nf_conntrack_max; ss -ltnp',
    firstFor: ['k3s'],
  },
  {
    what: {
      en: 'Are the clocks of the nodes synchronised and right at boot (no RTC or battery, started before NTP, year 1970?), are swap off and the memory control group on, and do kubelet and the runtime use the same cgroup driver?',
      zh: '各节点的时钟是否同步，启动时是否正确（没有 RTC 或电池、先于 NTP 启动、停在 1970 年？）？swap 是否关闭、内存控制组是否启用？kubelet 与运行时是否使用相同的 cgroup 驱动？',
    },
    command:
      'timedatectl; cat /proc/swaps /proc/cgroups; grep cgroupDriver /var/lib/kubelet/config.yaml; grep SystemdCgroup /etc/containerd/config.toml',
    observations: ['clock.ntp-synchronised', 'swap.enabled'],
    firstFor: ['kubeadm'],
  },
  {
    what: {
      en: 'Was the node used in an earlier cluster (does a configuration file of another CNI, of CRI-O or podman lie in /etc/cni/net.d?), reinstalled under its old name (does the server still have an entry for it, node-passwd or a secret?), cloned or renamed, or has its IP address changed since it joined (DHCP)? Which hostname has it (capitals, underscore), do two machines print the same hostname, does it resolve on the node, and is it the name in the certificate and in hostname-override of kubelet?',
      zh: '该节点是否曾用于其他集群（/etc/cni/net.d 中是否有其他 CNI、CRI-O 或 podman 的配置文件？）、以原名重装（服务端是否仍有其 node-passwd 条目或 Secret？）、被克隆或改名，或 IP 地址已变更（DHCP）？主机名是什么（大写、下划线）？两台机器的主机名是否相同？节点上能否解析它？是否与 kubelet 证书和 hostname-override 中的名称一致？',
    },
    command: 'hostname; ls -la /etc/kubernetes /var/lib/etcd /etc/cni/net.d /var/lib/rancher',
    observations: ['node.used-in-earlier-cluster', 'hostname.duplicate'],
    firstFor: ['rke', 'rancher'],
  },
  {
    what: {
      en: 'How old is the cluster (certificates run out after a year), was the CA or certificate of the server replaced since the node was registered, and which names and addresses (SANs) has the certificate that is served?',
      zh: '集群运行了多久（证书一年后到期）？节点注册之后服务端的 CA 或证书是否更换过？所提供证书包含哪些名称和地址（SAN）？',
    },
    command: 'echo | openssl s_client -connect SERVER:6443 2>/dev/null | openssl x509 -noout -dates -issuer -ext subjectAltName',
    observations: ['cert.expired', 'cert.ca-changed'],
    firstFor: ['rancher'],
  },
  {
    what: {
      en: 'Which SSH user and key does rke use (does ssh_key_path exist, is its public key in authorized_keys?), which OpenSSH and distribution has the node (root cannot forward on RHEL or CentOS), does sshd allow TCP forwarding, and does docker ps work as that user?',
      zh: 'rke 使用哪个 SSH 用户和密钥（ssh_key_path 是否存在？其公钥是否在 authorized_keys 中？）？节点的 OpenSSH 和发行版是什么（RHEL、CentOS 上 root 无法转发）？sshd 是否允许 TCP 转发？以该用户执行 docker ps 是否正常？',
    },
    command: 'grep -n -e user: -e ssh_key_path cluster.yml; ssh USER@HOST "sshd -V; id; docker ps"',
    observations: ['ssh.user', 'ssh.key-type'],
    onlyFor: ['rke'],
    firstFor: ['rke'],
  },
];

/** Best first; each with the command that answers it. */
export function openingQuestions(node: NodeFacts): readonly Need[] {
  const products = node.products.map((one) => one.name);
  const host = node.views.find((view) => view.id === 'host') ?? node.views[0];
  const isKnown = ({ observations, files }: Opening): boolean =>
    (observations ?? []).some((key) => node.observations[key]?.state === 'known') ||
    (files ?? []).some((path) => host?.files[path]?.state === 'known');
  const fits = ({ onlyFor }: Opening): boolean => onlyFor === undefined || products.some((name) => onlyFor.includes(name));
  const early = ({ firstFor }: Opening): boolean => firstFor !== undefined && products.some((name) => firstFor.includes(name));
  const open = OPENINGS.filter((one) => fits(one) && !isKnown(one));
  return [...open.filter(early), ...open.filter((one) => !early(one))].map(({ what, command }): Need => ({ kind: 'ask', what, command }));
}
