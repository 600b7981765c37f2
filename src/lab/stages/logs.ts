/** What kube-apiserver writes when it cannot reach itself, as a script for a container that stands in its place. */

export interface ApiServerLogOptions {
  /** Where it dialled: `[::1]:6443`. */
  readonly address: string;
  /** The system's words. */
  readonly error: string;
  /** Whether it ends with a fatal line, as it does when a post-start hook fails; else it goes on. */
  readonly dies: boolean;
}

/** klog lines: severity and date, time, process, file and line, message. */
export const apiServerLog = (options: ApiServerLogOptions): string => {
  const dial = `dial tcp ${options.address}: connect: ${options.error}`;
  const failed = (resource: string): string =>
    `line E 'reflector.go:138] k8s.io/client-go/informers/factory.go:134: Failed to watch *v1.${resource}: failed to list *v1.${resource}: Get "https://localhost:6443/api/v1/${resource.toLowerCase()}s?limit=500&resourceVersion=0": ${dial}'`;
  return `
exec 2>&1
line() { printf '%s%s       1 %s\\n' "$1" "$(date +%m%d\\ %H:%M:%S.000000)" "$2"; }
line I 'server.go:629] external host was not specified, using 10.240.0.34'
${['Namespace', 'Secret', 'LimitRange'].map(failed).join('\n')}
${
  options.dies
    ? `sleep 1
line F 'controller.go:161] Unable to perform initial IP allocation check: unable to refresh the service IP block: Get "https://localhost:6443/api/v1/services": ${dial}'
exit 255`
    : `line I 'shared_informer.go:247] Caches are synced for cluster_authentication_trust_controller'
sleep 1000000`
}`;
};
