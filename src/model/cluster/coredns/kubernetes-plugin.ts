/**
 * kubernetes [ZONES…] { pods disabled|insecure|verified / fallthrough [ZONES…] / … }
 *
 *   SERVICE.NAMESPACE.svc.ZONE           cluster addresses; AAAA of an IPv4 service is an empty answer
 *   ENDPOINT.SERVICE.NAMESPACE.svc.ZONE, _PORT._PROTO.SERVICE.NAMESPACE.svc.ZONE, A-B-C-D.NAMESPACE.pod.ZONE
 *   ZONE, svc.ZONE, pod.ZONE             empty answer
 *   anything else in the zone            NXDOMAIN, and authoritative: with a search list most questions for outside names end here
 *
 * Source: coredns plugin/kubernetes parse.go parseRequest, handler.go, kubernetes.go (1.7 and later).
 */
import { parseIpv4 } from '../../address/ipv4.ts';
import { addressRecords, answerWith, ofType, type ServerReply } from '../../name-server.ts';
import type { ClusterService } from './cluster-objects.ts';
import { fallsThrough, matchingZone, zonesOr } from './corefile.ts';
import { askCluster, cannotTell, type Plugin } from './plugin.ts';
import { coreDnsSteps } from './steps.ts';

type Asked =
  | { readonly kind: 'apex' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'service'; readonly namespace: string; readonly service: string; readonly endpoint: boolean }
  | { readonly kind: 'pod'; readonly namespace: string; readonly pod: string };

/** What a name inside the zone asks for (parseRequest). */
export function kubernetesRequest(name: string, zone: string): Asked {
  const base = name === zone ? '' : name.slice(0, name.length - zone.length - (zone === '' ? 0 : 1));
  if (base === '' || base === 'svc' || base === 'pod') return { kind: 'apex' };
  const labels = base.split('.');
  const kind = labels.pop();
  if (kind !== 'svc' && kind !== 'pod') return { kind: 'invalid' };
  const namespace = labels.pop() ?? '';
  const service = labels.pop();
  if (service === undefined) return { kind: 'namespace', namespace };
  if (labels.length > 2) return { kind: 'invalid' };
  if (kind === 'pod') return labels.length === 0 ? { kind: 'pod', namespace, pod: service } : { kind: 'invalid' };
  return { kind: 'service', namespace, service, endpoint: labels.length > 0 };
}

/** `default/kubernetes` is in every cluster. */
const ALWAYS = { namespace: 'default', name: 'kubernetes' };

export const kubernetesPlugin: Plugin = (run, directive, question, next) => {
  const { name, type } = question;
  const zones = zonesOr(directive.args, run.block).filter((zone) => !zone.endsWith('.arpa'));
  const zone = matchingZone(name, zones);
  if (zone === undefined) return next(question);
  const notThere = (): ServerReply => {
    if (fallsThrough(directive.block, name)) return next(question);
    run.steps.push({ kind: coreDnsSteps.notInCluster, values: { name, zone } });
    return { kind: 'reply', reply: answerWith('NXDOMAIN', [], true), steps: run.steps };
  };
  const there = (addresses: readonly string[]): ServerReply => {
    run.steps.push({ kind: coreDnsSteps.inCluster, values: { name, addresses: addresses.join(', ') } });
    return { kind: 'reply', reply: answerWith('NOERROR', addressRecords(name, type, ofType(type, addresses)), true), steps: run.steps };
  };
  const asked = kubernetesRequest(name, zone);
  switch (asked.kind) {
    case 'apex':
      return there([]);
    case 'invalid':
      return notThere();
    case 'namespace': {
      if (run.cluster.services === undefined) return cannotTell(run, askCluster(name));
      return run.cluster.services.some((s) => s.namespace === asked.namespace) ? there([]) : cannotTell(run, askCluster(name));
    }
    case 'pod': {
      const mode = directive.block.find(({ words }) => words[0] === 'pods')?.words[1] ?? 'disabled';
      if (mode === 'disabled') return notThere();
      const address = asked.pod.replaceAll('-', '.');
      return mode === 'insecure' && parseIpv4(address) !== undefined ? there([address]) : cannotTell(run, askCluster(name));
    }
    case 'service': {
      const found = serviceOf(run.cluster.services, asked.namespace, asked.service);
      if (found === 'unknown' || (found !== undefined && (asked.endpoint || found.clusterIps.length === 0)))
        return cannotTell(run, askCluster(name));
      return found === undefined ? notThere() : there(found.clusterIps);
    }
  }
};

function serviceOf(
  services: readonly ClusterService[] | undefined,
  namespace: string,
  name: string,
): ClusterService | 'unknown' | undefined {
  const found = services?.find((s) => s.namespace === namespace && s.name === name);
  if (found !== undefined) return found;
  return services === undefined || (namespace === ALWAYS.namespace && name === ALWAYS.name) ? 'unknown' : undefined;
}
