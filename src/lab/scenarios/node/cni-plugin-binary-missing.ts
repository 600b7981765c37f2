import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'cni-plugin-binary-missing',
  title: { en: 'a plugin of the CNI is not installed', zh: 'CNI 插件未安装' },
  story: {
    en: 'The configuration names a plugin that /opt/cni/bin does not have.',
    zh: '配置中指定的插件在 /opt/cni/bin 中不存在。',
  },
  kind: 'failing',
  expects: { cause: 'cni-plugin-binary-missing', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.write(
      '/var/log/kubelet.log',
      'E1122 10:00:00.000000     812 pod_workers.go:1298] "Error syncing pod, skipping" err="failed to create pod sandbox: plugin type=\\"bridge\\" failed (add): failed to find plugin \\"bridge\\" in path [/opt/cni/bin]" pod="default/web"' +
        '\n',
    );
  },
  show: [{ command: 'cat /var/log/kubelet.log', expect: { exitStatus: 0, says: [/failed to find plugin/] } }],
});
