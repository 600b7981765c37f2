/** What makes a node one of Kubernetes: kubelet's configuration, its health port and its usual folders. */
import type { Lab } from '../lab.ts';

export interface KubeletSettings {
  readonly clusterDns?: string;
  readonly cgroupDriver?: string;
  readonly failSwapOn?: boolean;
  readonly resolvConf?: string;
}

export const startKubelet = async (lab: Lab, settings: KubeletSettings = {}): Promise<void> => {
  const config = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: ${settings.cgroupDriver ?? 'cgroupfs'}
clusterDNS:
- ${settings.clusterDns ?? '10.96.0.10'}
clusterDomain: cluster.local
failSwapOn: ${String(settings.failSwapOn ?? true)}
healthzBindAddress: 127.0.0.1
healthzPort: 10248
resolvConf: ${settings.resolvConf ?? '/etc/resolv.conf'}
staticPodPath: /etc/kubernetes/manifests
`;
  await lab.node.write('/var/lib/kubelet/config.yaml', config);
  await lab.node.sh('mkdir -p /etc/kubernetes/manifests /etc/cni/net.d');
  await lab.node.write('/etc/cni/net.d/10-bridge.conflist', '{"cniVersion":"0.4.0","name":"pods","plugins":[{"type":"bridge"}]}\n');
  await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
};
