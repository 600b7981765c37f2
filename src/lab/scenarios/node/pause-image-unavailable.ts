import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'pause-image-unavailable',
  title: { en: 'the sandbox image cannot be pulled', zh: '无法拉取沙箱镜像' },
  story: {
    en: 'No pod starts, because the pause image of the runtime is in no registry that it can reach.',
    zh: '运行时无法从任何可达的镜像仓库取得 pause 镜像，因此没有 Pod 能启动。',
  },
  kind: 'failing',
  expects: { cause: 'pause-image-unavailable', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.write(
      '/var/log/kubelet.log',
      'E1122 10:00:00.000000     812 kuberuntime_sandbox.go:72] "Failed to create sandbox for pod" err="rpc error: code = Unknown desc = failed to get sandbox image \\"registry.k8s.io/pause:3.9\\": failed to pull image \\"registry.k8s.io/pause:3.9\\": not found" pod="kube-system/kube-proxy-x2x9w"' +
        '\n',
    );
  },
  show: [{ command: 'cat /var/log/kubelet.log', expect: { exitStatus: 0, says: [/sandbox image/] } }],
});
