/** Tests that several firewall causes share: who cannot reach whom, and how the packets end. */
import type { Symptom } from '../../facts/symptom.ts';
import type { NodeFacts } from '../../facts/node-facts.ts';
import type { Look, Test } from '../_checks/index.ts';
import {
  any,
  isDial,
  isLoopbackAddress,
  isLookup,
  isPodAddress,
  isServiceAddress,
  isTimeout,
  isUnreachable,
  off,
  stated,
  symptomWhere,
} from '../_checks/index.ts';

/** Ports that nodes of a cluster need from each other. Source: kubernetes/website ports and protocols; rke2-docs requirements; rancher docs port-requirements. */
export const NODE_PORTS: readonly number[] = [6443, 9345, 2379, 2380, 10250, 10257, 10259, 179, 443, 80, 8443, 5473, 4240];
/** A web port is one of the cluster's own where an agent dials it; any pod may dial another machine's. */
const isNodePort = ({ port, component }: Symptom): boolean =>
  port !== undefined &&
  (NODE_PORTS.includes(port) || /^(?:k3s|rke2|kubeadm|cattle)/i.test(component ?? '')) &&
  ((port !== 80 && port !== 443) || /agent|rancher|cattle|k3s|rke|kubelet|kubeadm/i.test(component ?? ''));

/** A dial to the node's own or another machine's address, by a URL that does not say localhost. */
const toOtherNode = (one: Symptom, node: NodeFacts): boolean =>
  isDial(one) &&
  one.address !== undefined &&
  !isLoopbackAddress(one.address) &&
  !isServiceAddress(node, one.address) &&
  !isPodAddress(node, one.address) &&
  !/^(?:localhost|ip6-localhost)$/i.test(one.name ?? '');

export const nodePortDropped: Test = symptomWhere((one, node) => toOtherNode(one, node) && isNodePort(one) && isTimeout(one));
export const nodePortRejected: Test = symptomWhere(
  (one, node) => toOtherNode(one, node) && isNodePort(one) && one.errno === 'EHOSTUNREACH',
);
/** "no route to host" for a Service or pod address: a REJECT with icmp-host-prohibited, as firewalld does. */
export const clusterTrafficRejected: Test = symptomWhere(
  (one, node) =>
    (isDial(one) &&
      one.address !== undefined &&
      (isServiceAddress(node, one.address) || isPodAddress(node, one.address)) &&
      one.errno === 'EHOSTUNREACH') ||
    (isLookup(one) && one.server !== undefined && isServiceAddress(node, one.server) && isUnreachable(one)),
);
const serviceDialDropped: Test = symptomWhere(
  (one, node) =>
    (isDial(one) &&
      one.address !== undefined &&
      (isServiceAddress(node, one.address) || isPodAddress(node, one.address)) &&
      isTimeout(one)) ||
    (isLookup(one) && one.server !== undefined && isServiceAddress(node, one.server) && isTimeout(one)),
);

/** 'dig @SERVICE_ADDRESS' without an answer. */
const clusterDnsSilent: Test = ({ node }): Look => {
  for (const [key, fact] of Object.entries(node.observations)) {
    const server = /^lookup\.server-answers\.(.+)$/.exec(key)?.[1];
    if (server !== undefined && fact.state === 'known' && fact.value === false && isServiceAddress(node, server))
      return { seen: 'yes', kind: 'state', source: fact.source, values: { server } };
  }
  return { seen: 'unknown' };
};
export const clusterTrafficDropped: Test = any(serviceDialDropped, clusterDnsSilent);

/** A port that was tried and did not answer: 'port.6443.reachable' is false, or a statement says so. */
export const portUnreachable: Test = ({ node }): Look => {
  for (const [key, fact] of Object.entries(node.observations)) {
    const number = /^port\.(\d+)\.reachable$/.exec(key)?.[1];
    if (number !== undefined && number !== '80' && NODE_PORTS.includes(Number(number)) && fact.state === 'known' && fact.value === false)
      return { seen: 'yes', kind: 'state', source: fact.source, values: { port: number } };
  }
  return { seen: 'unknown' };
};
export const portReachable: Test = ({ node }): Look => {
  for (const [key, fact] of Object.entries(node.observations)) {
    if (/^port\.\d+\.reachable$/.test(key) && fact.state === 'known' && fact.value === true)
      return { seen: 'yes', kind: 'state', source: fact.source };
  }
  return { seen: 'unknown' };
};

/** Somebody says in words that pods, Services or nodes cannot be reached. */
export const toldUnreachable: Test = stated({
  whole:
    /(?:pod|service|dns|look-?up|node|agent|worker|port|overlay|cross-node|api|container)[^.;]*(?:cannot|can't|can not|unable|unreachable|not reach|no answer|does not answer|fail|time(?:s|d)? ?out|blocked|rejected|refused|dead|not work|does not join|no route)/i,
});
export const someTrafficFails: Test = any(
  nodePortDropped,
  nodePortRejected,
  clusterTrafficRejected,
  clusterTrafficDropped,
  portUnreachable,
  off('path.pods-reach-pods'),
  off('path.pods-reach-services'),
  off('path.nodes-reach-nodes'),
  toldUnreachable,
);
export const podTrafficFails: Test = any(
  clusterTrafficRejected,
  clusterTrafficDropped,
  off('path.pods-reach-pods'),
  off('path.pods-reach-services'),
  off('path.pods-reach-internet'),
  stated({
    whole:
      /(?:pod|service|dns|look-?up|overlay|cross-node|container)[^.;]*(?:cannot|can't|can not|unable|unreachable|not reach|no answer|not answer|not get|nothing|neither|stopped|never|fail|time(?:s|d)? ?out|dead|not work|no route|lost|drop)/i,
  }),
);
