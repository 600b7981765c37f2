import type { Source } from '../../facts/fact.ts';
import type { ProductFacts } from '../../facts/node-facts.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';

const NAMES: readonly (readonly [RegExp, ProductFacts['name']])[] = [
  [/^rke2/u, 'rke2'],
  [/^rke/u, 'rke'],
  [/^k3[sd]|^k3os/u, 'k3s'],
  [/^(?:kubeadm|kubekey|kubespray|kind|minikube)/u, 'kubeadm'],
  [/^rancher[- ]?1/u, 'rancher1'],
  [/^(?:rancher|elemental|harvester|cattle)/u, 'rancher'],
  [/^(?:docker|moby)/u, 'docker'],
  [/^(?:kubernetes|k8s|calico|coredns|etcd|containerd|k0s|microk8s|cilium|flannel)/u, 'kubernetes'],
];

/** "product: rke v1.2.11". Rancher before 2.0 is another product. */
export function readProduct(line: string, facts: EvidenceFacts, source: Source): void {
  const hit = /^product: ([^ ]+)(?: (.+))?$/u.exec(line);
  if (hit?.[1] === undefined) return;
  const version = hit[2]?.trim();
  const found = NAMES.find(([p]) => p.test((hit[1] ?? '').toLowerCase()))?.[1];
  if (found === undefined) {
    facts.observe('told.product', line.slice('product: '.length), source);
    return;
  }
  const name = found === 'rancher' && version !== undefined && /^v?1\./u.test(version) ? 'rancher1' : found;
  facts.product(name, source, version);
}
