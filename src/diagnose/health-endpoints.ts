/**
 * Who asks whom for its health, and under which name. Sources: rancher/rke services/*.go and services/healthcheck.go, rancher/rke2
 * pkg/podtemplate/spec.go, kubernetes cmd/kubeadm/app/util/staticpod and phases/kubelet, projectcalico/felix.
 */
export interface HealthEndpoint {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly who: string;
  /** Client id of the model. */
  readonly client: string;
}

const localhost = (port: number, scheme: 'http' | 'https', path: string, who: string, client: string): HealthEndpoint => ({
  name: 'localhost',
  port,
  url: `${scheme}://localhost:${String(port)}${path}`,
  who,
  client,
});

export const healthEndpoints: readonly HealthEndpoint[] = [
  localhost(6443, 'https', '/healthz', 'rke', 'rke-healthcheck'),
  localhost(6443, 'https', '/livez', 'RKE2', 'kubectl'),
  localhost(10248, 'http', '/healthz', 'rke, kubeadm', 'rke-healthcheck'),
  localhost(10256, 'http', '/healthz', 'rke', 'rke-healthcheck'),
  localhost(10257, 'https', '/healthz', 'rke', 'rke-healthcheck'),
  localhost(10259, 'https', '/healthz', 'rke', 'rke-healthcheck'),
  localhost(10251, 'http', '/healthz', 'rke', 'rke-healthcheck'),
  localhost(10252, 'http', '/healthz', 'rke', 'rke-healthcheck'),
  localhost(2381, 'http', '/health', 'RKE2', 'kubelet'),
  localhost(9099, 'http', '/liveness', 'kubelet', 'kubelet'),
];
