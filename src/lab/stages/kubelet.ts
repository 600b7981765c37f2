/** What makes a node one of Kubernetes: kubelet's configuration, its health port and its usual folders. */
import type { Lab } from '../lab.ts';

export interface KubeletSettings {
  readonly clusterDns?: string;
  readonly cgroupDriver?: string;
  readonly failSwapOn?: boolean;
  readonly resolvConf?: string;
  /** containerRuntimeEndpoint; absent: kubelet is not told. */
  readonly runtimeEndpoint?: string;
  /** Of its process. */
  readonly env?: Readonly<Record<string, string>>;
}

export const startKubelet = async (lab: Lab, settings: KubeletSettings = {}): Promise<void> => {
  const config = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: ${settings.cgroupDriver ?? 'cgroupfs'}
${settings.runtimeEndpoint === undefined ? '' : `containerRuntimeEndpoint: ${settings.runtimeEndpoint}\n`}clusterDNS:
- ${settings.clusterDns ?? '10.96.0.10'}
clusterDomain: cluster.local
failSwapOn: ${String(settings.failSwapOn ?? true)}
healthzBindAddress: 127.0.0.1
healthzPort: 10248
resolvConf: ${settings.resolvConf ?? '/etc/resolv.conf'}
staticPodPath: /etc/kubernetes/manifests
`;
  await lab.node.write('/var/lib/kubelet/config.yaml', config);
  // systemd makes all mounts shared; a node of Kubernetes counts on it.
  await lab.node.sh('mkdir -p /etc/kubernetes/manifests /etc/cni/net.d; mount --make-rshared /');
  await lab.node.write('/etc/cni/net.d/10-bridge.conflist', '{"cniVersion":"0.4.0","name":"pods","plugins":[{"type":"bridge"}]}\n');
  await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' }, lab.node, settings.env);
};
