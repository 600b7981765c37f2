/**
 * The cgroup driver of the runtime that kubelet uses. A machine may have several: Docker brings a containerd of its own, and containerd
 * may be there with its CRI plugin off. Source: kubernetes/website, container runtimes; cri-dockerd.
 */
import type { Observations } from './parts.ts';
import { knownValue } from './parts.ts';

/** Leaves out what cannot be held against kubelet: without a driver of kubelet that of containerd says nothing, and a CRI plugin that is off is in order where Docker alone uses it. */
export function runtimeCgroupDriver(found: Observations): Observations {
  const text = (key: string): string | undefined => {
    const fact = found[key];
    return fact?.state === 'known' && typeof fact.value === 'string' ? fact.value : undefined;
  };
  const endpoint = text('kubelet.flag.container-runtime-endpoint') ?? text('config.kubelet.containerRuntimeEndpoint') ?? '';
  const { ['containerd.systemd-cgroup']: containerd, ['containerd.cri-enabled']: cri, ...others } = found;
  const rest: Observations = cri !== undefined && endpoint.includes('containerd') ? { ...others, 'containerd.cri-enabled': cri } : others;
  if (text('cgroup.driver.kubelet') === undefined) return rest;
  const uses = runtimeOf(found, endpoint);
  if (uses === 'containerd') {
    if (containerd?.state !== 'known') return rest;
    const driver = knownValue(containerd.value === true ? 'systemd' : 'cgroupfs', containerd.source);
    return { ...rest, 'containerd.systemd-cgroup': containerd, 'cgroup.driver.runtime': driver };
  }
  const own = found[uses === 'docker' ? 'docker.cgroup-driver' : 'crio.cgroup-manager'];
  return own === undefined ? rest : { ...rest, 'cgroup.driver.runtime': own };
}

/** By what kubelet is told; else by what is there. */
function runtimeOf(found: Observations, endpoint: string): 'docker' | 'containerd' | 'crio' {
  if (endpoint.includes('docker')) return 'docker';
  if (endpoint.includes('crio')) return 'crio';
  if (endpoint !== '') return 'containerd';
  const sockets = found['cri.sockets'];
  const shim =
    sockets?.state === 'known' && Array.isArray(sockets.value) && sockets.value.some((path) => path === '/var/run/cri-dockerd.sock');
  const cri = found['containerd.cri-enabled'];
  const criOff = cri?.state === 'known' && cri.value === false;
  if (!shim && !criOff && found['containerd.systemd-cgroup'] !== undefined) return 'containerd';
  return found['docker.cgroup-driver'] === undefined ? 'crio' : 'docker';
}
