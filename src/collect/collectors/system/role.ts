/**
 * What the machine is for. Many states are a fault only on a node of a cluster: swap, an expired certificate below /etc/kubernetes, NetworkManager
 * in charge of all interfaces. Of a machine that is none, or is none any more, they are left out.
 */
import type { EngineContainer } from '../docker-engine.ts';
import type { Survey } from '../processes.ts';
import type { Observations } from './parts.ts';

export interface Role {
  /** A part of Kubernetes runs here, or is meant to. */
  readonly node: boolean;
  /** RKE reaches it over SSH. */
  readonly rke: boolean;
}

const PROGRAMS = new Set(['kubelet', 'k3s', 'k3s-server', 'k3s-agent', 'rke2', 'kube-apiserver', 'kube-proxy']);
const UNITS = ['kubelet', 'k3s', 'k3s-agent', 'rke2-server', 'rke2-agent'];
const CONTAINERS = /^(?:kubelet|kube-apiserver|kube-proxy|etcd|kube-controller-manager|kube-scheduler)$/u;

/** `units`: what systemd says. A component that ends again and again does not run at most moments, but its unit or container is there. */
export function roleOf(survey: Survey, units: Observations, containers: readonly EngineContainer[]): Role {
  const known = (key: string, wanted: RegExp): boolean => {
    const fact = units[key];
    return fact?.state === 'known' && typeof fact.value === 'string' && wanted.test(fact.value);
  };
  const rke = containers.some((c) => c.labels['io.rancher.rke.container.name'] !== undefined);
  return {
    node:
      rke ||
      [...survey.processes.values()].some((p) => PROGRAMS.has(p.comm)) ||
      UNITS.some((unit) => known(`unit.${unit}.active`, /^(?:active|activating|failed)$/u)) ||
      containers.some((c) => c.names.some((name) => CONTAINERS.test(name))),
    rke,
  };
}

/** Facts that tell something of nodes only. `absence`: only where they say that something is not as a node needs it. */
const OF_NODES =
  /^(?:cert\.|cni\.|nm-cloud-setup\.|unit\.nm-cloud-setup\.|iptables\.(?:version|backend)$|proxy\.|networkmanager\.|firewall\.closed-ports$)/u;
const ABSENCE_OF_NODES = /^(?:cgroup\.memory-|module\.|program\.)/u;
const PRIVATE = /^mount\..+\.propagation$/u;

export const fitting = (found: Observations, role: Role): Observations =>
  Object.fromEntries(
    Object.entries(found).filter(([key, fact]) => {
      if (key.startsWith('sshd.')) return role.rke;
      if (role.node) return true;
      if (OF_NODES.test(key)) return false;
      if (ABSENCE_OF_NODES.test(key)) return !(fact.state === 'known' && fact.value === false);
      return !(PRIVATE.test(key) && fact.state === 'known' && fact.value === 'private');
    }),
  );
