/**
 * The cgroup driver of the runtime that kubelet uses. A machine may have several: Docker brings a containerd of its own, and containerd
 * may be there with its CRI plugin off. Source: kubernetes/website, container runtimes; cri-dockerd.
 */
import type { Observations } from './parts.ts';
import { knownValue } from './parts.ts';

/** Leaves out what cannot be held against kubelet: without a driver of kubelet that of containerd says nothing. */
export function runtimeCgroupDriver(found: Observations): Observations {
  const text = (key: string): string | undefined => {
    const fact = found[key];
    return fact?.state === 'known' && typeof fact.value === 'string' ? fact.value : undefined;
  };
  const { ['containerd.systemd-cgroup']: containerd, ...rest } = found;
  if (text('cgroup.driver.kubelet') === undefined) return rest;
  const endpoint = text('kubelet.flag.container-runtime-endpoint') ?? text('config.kubelet.containerRuntimeEndpoint') ?? '';
  const sockets = found['cri.sockets'];
  const dockerShim =
    sockets?.state === 'known' && Array.isArray(sockets.value) && sockets.value.some((path) => path === '/var/run/cri-dockerd.sock');
  const criOff = found['containerd.cri-enabled']?.state === 'known' && found['containerd.cri-enabled'].value === false;
  const uses = endpoint.includes('docker')
    ? 'docker'
    : endpoint.includes('crio')
      ? 'crio'
      : endpoint !== ''
        ? 'containerd'
        : dockerShim || criOff || containerd === undefined
          ? found['docker.cgroup-driver'] === undefined
            ? 'crio'
            : 'docker'
          : 'containerd';
  if (uses === 'containerd') {
    if (containerd?.state !== 'known') return rest;
    return { ...found, 'cgroup.driver.runtime': knownValue(containerd.value === true ? 'systemd' : 'cgroupfs', containerd.source) };
  }
  const own = found[uses === 'docker' ? 'docker.cgroup-driver' : 'crio.cgroup-manager'];
  return own === undefined ? rest : { ...rest, 'cgroup.driver.runtime': own };
}
