/** What kind of address is it: of a Service, of a pod, of the node itself, of the cluster's DNS? By the evidence, else by the products' defaults. */
import type { NodeFacts } from '../../facts/node-facts.ts';
import { isLinkLocal4, isLoopback } from '../../model/address/special.ts';
import { parseAddress } from '../../model/address/address.ts';
import { inPrefix, parsePrefix, sharesBits } from '../../model/address/prefix.ts';

/** Service ranges: RKE, K3s, RKE2 10.43/16; kubeadm 10.96/12; kubespray 10.233/18; MicroK8s and Charmed 10.152.183/24; minikube-era 10.0.0/24 is too common to assume. */
const DEFAULT_SERVICE_RANGES = ['10.43.0.0/16', '10.96.0.0/12', '10.233.0.0/18', '10.152.183.0/24'];
/** Pod ranges: RKE, K3s, RKE2 10.42/16; flannel 10.244/16; Calico 192.168/16 is too common to assume; kubespray 10.233.64/18. */
const DEFAULT_POD_RANGES = ['10.42.0.0/16', '10.244.0.0/16', '10.233.64.0/18'];

/** People mask addresses when they post them: '192.168.xxx.xx', '10.0.*.*'. What is left of one, as a prefix. */
const MASKED = /^(\d{1,3})\.(\d{1,3}|[x*]+)\.(\d{1,3}|[x*]+)\.(?:\d{1,3}|[x*]+)$/i;
export const maskedPrefix = (address: string): string | undefined => {
  if (!/[x*]/i.test(address)) return undefined;
  const octets = MASKED.exec(address)?.slice(1, 4);
  if (octets === undefined) return undefined;
  const unknown = octets.findIndex((one) => !/^\d/.test(one));
  const known = unknown < 0 ? octets : octets.slice(0, unknown);
  return `${[...known, '0', '0', '0'].slice(0, 4).join('.')}/${String(known.length * 8)}`;
};

export const inRange = (address: string, range: string): boolean => {
  const bytes = parseAddress(address)?.bytes;
  const prefix = parsePrefix(range);
  if (prefix === undefined) return false;
  if (bytes !== undefined) return inPrefix(bytes, prefix);
  const masked = parsePrefix(maskedPrefix(address) ?? '');
  return masked !== undefined && masked.length >= prefix.length && inPrefix(masked.bytes, prefix);
};

/** Does one range hold the other, or a part of it? */
export const rangesOverlap = (a: string, b: string): boolean => {
  const first = parsePrefix(a);
  const second = parsePrefix(b);
  return first !== undefined && second !== undefined && sharesBits(first.bytes, second.bytes, Math.min(first.length, second.length));
};

const textOf = (node: NodeFacts, key: string): string | undefined => {
  const fact = node.observations[key];
  return fact?.state === 'known' && typeof fact.value === 'string' ? fact.value : undefined;
};

export const serviceRanges = (node: NodeFacts): readonly string[] =>
  textOf(node, 'kube.service-cidr')?.split(',') ?? DEFAULT_SERVICE_RANGES;
export const podRanges = (node: NodeFacts): readonly string[] => textOf(node, 'kube.pod-cidr')?.split(',') ?? DEFAULT_POD_RANGES;

export const isServiceAddress = (node: NodeFacts, address: string): boolean => serviceRanges(node).some((range) => inRange(address, range));
export const isPodAddress = (node: NodeFacts, address: string): boolean => podRanges(node).some((range) => inRange(address, range));

export const isLoopbackAddress = (address: string): boolean => {
  const bytes = parseAddress(address)?.bytes;
  return bytes !== undefined && isLoopback(bytes);
};
export const isLinkLocalAddress = (address: string): boolean => {
  const bytes = parseAddress(address)?.bytes;
  return bytes !== undefined && isLinkLocal4(bytes);
};

/** The ClusterIP of the cluster's DNS: as told, else a Service address ending in .10. */
export const isClusterDns = (node: NodeFacts, address: string): boolean => {
  const told = textOf(node, 'kube.dns-service-ip');
  if (told !== undefined) return told === address;
  return isServiceAddress(node, address) && address.endsWith('.10');
};
