/** Services of the cluster, as far as somebody saw them: observation 'kube.services'. */
import type { NodeFacts } from '../../../facts/node-facts.ts';
import { valueOf } from '../../../facts/fact.ts';

export interface ClusterService {
  readonly namespace: string;
  readonly name: string;
  /** Empty for a headless service. */
  readonly clusterIps: readonly string[];
  readonly externalName?: string;
}

export interface ClusterObjects {
  /** undefined: nobody looked. */
  readonly services?: readonly ClusterService[];
}

export function clusterObjects(node: NodeFacts): ClusterObjects {
  const rows = valueOf(node.observations['kube.services']);
  if (!Array.isArray(rows)) return {};
  const services: ClusterService[] = [];
  for (const row of rows as readonly unknown[]) {
    if (typeof row !== 'object' || row === null) continue;
    const { namespace, name, clusterIp = '', type = '' } = row as Readonly<Record<string, string>>;
    if (namespace === undefined || name === undefined) continue;
    const ips = clusterIp.split(',').filter((ip) => ip !== '' && ip !== 'None' && ip !== '<none>');
    services.push({ namespace, name, clusterIps: ips, ...(type === 'ExternalName' ? { externalName: '' } : {}) });
  }
  return { services };
}
