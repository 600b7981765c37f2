/** Every recogniser, the precise ones first. A new one is one file and one line here (a test watches that none is forgotten). */
import { etcdctl, kubeadmCerts, opensslX509, sClient } from './certificates.ts';
import { cniConfig, flannelSubnet } from './cni-config.ts';
import {
  clusterYml,
  compose,
  containerdConfig,
  corefile,
  daemonJson,
  kubeconfig,
  kubeletConfig,
  manifest,
  netplan,
  productConfig,
  registriesYaml,
} from './configs.ts';
import { containerInspect, containerList, dockerContainerFile, dockerInfo, mounts } from './containers.ts';
import type { Recogniser } from './define-recogniser.ts';
import { dig, host, nslookup, resolvectl } from './dns-tools.ts';
import { environment } from './environment.ts';
import { fileBytes } from './file-bytes.ts';
import { ls, lsattr, readlink, stat } from './file-listings.ts';
import { firewallCmd, iptablesList, iptablesSave, nft, ufw } from './firewall.ts';
import { ifconfig, ipAddress } from './ip-address.ts';
import { ipRoute, ipRouteGet, ipRule, procIfInet6, routeTable } from './ip-route.ts';
import {
  cgroups,
  clock,
  conntrack,
  df,
  ethtool,
  id,
  lsmod,
  memory,
  modprobe,
  nmcli,
  nscdStatistics,
  selinux,
  sshdT,
} from './kernel-state.ts';
import { kubernetesJson } from './kubernetes-json.ts';
import { canI, eventReason, kubectlDescribe, kubectlEvents, kubectlNodes, kubectlPods, kubectlServices } from './kubectl-get.ts';
import { netstat, ss } from './listeners.ts';
import { prometheusMetrics } from './metrics.ts';
import { curl, getent, nc, ping, telnet, wget } from './name-clients.ts';
import { grepOfFile, hostsByLook, nodeFile, nsswitchByLook, resolvConfByLook } from './node-files.ts';
import { ps } from './processes.ts';
import { libcVersion, programVersion } from './program-versions.ts';
import { systemctlIs, systemctlList, systemctlStatus, unitFile } from './services.ts';
import { strace } from './strace.ts';
import { procSys, sysctl, sysctlFile } from './sysctl.ts';
import { bootLineFile, detectVirt, hostnamectl, osRelease, procCmdline, uname } from './system-identity.ts';
import { commandText, inotifyCount, installerOutput, neighbours, sshVerbose, sysFile } from './tool-output.ts';

export const recognisers: readonly Recogniser[] = [
  dockerContainerFile,
  fileBytes,
  nodeFile,
  procIfInet6,
  bootLineFile,
  procCmdline,
  procSys,
  sysctlFile,
  sysFile,
  osRelease,
  kubeletConfig,
  containerdConfig,
  daemonJson,
  cniConfig,
  flannelSubnet,
  registriesYaml,
  productConfig,
  clusterYml,
  kubeconfig,
  corefile,
  netplan,
  compose,
  strace,
  ipRouteGet,
  ipRule,
  neighbours,
  ipRoute,
  routeTable,
  ipAddress,
  ifconfig,
  ss,
  netstat,
  getent,
  ping,
  telnet,
  prometheusMetrics,
  curl,
  wget,
  nc,
  dig,
  nslookup,
  host,
  resolvectl,
  iptablesSave,
  iptablesList,
  nft,
  firewallCmd,
  ufw,
  systemctlIs,
  systemctlList,
  unitFile,
  systemctlStatus,
  kubernetesJson,
  canI,
  kubectlEvents,
  kubectlDescribe,
  kubectlPods,
  kubectlNodes,
  kubectlServices,
  manifest,
  eventReason,
  containerInspect,
  containerList,
  dockerInfo,
  mounts,
  cgroups,
  sysctl,
  lsmod,
  modprobe,
  df,
  memory,
  clock,
  conntrack,
  ethtool,
  nmcli,
  selinux,
  nscdStatistics,
  kubeadmCerts,
  opensslX509,
  sClient,
  etcdctl,
  sshdT,
  sshVerbose,
  id,
  uname,
  hostnamectl,
  detectVirt,
  libcVersion,
  programVersion,
  ps,
  ls,
  stat,
  readlink,
  lsattr,
  hostsByLook,
  resolvConfByLook,
  nsswitchByLook,
  environment,
  installerOutput,
  commandText,
  inotifyCount,
  grepOfFile,
];
