import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'cni-leftover-config',
  title: { en: 'a file of an earlier CNI sorts first', zh: '早先 CNI 的配置文件排在最前' },
  story: {
    en: 'The node was used with Weave before; its file is still there, and its plugin is not.',
    zh: '节点曾使用 Weave；其配置文件仍在，而插件已不存在。',
  },
  kind: 'failing',
  expects: { cause: 'cni-leftover-config', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.write(
      '/etc/cni/net.d/00-weave.conflist',
      '{"cniVersion":"0.3.0","name":"weave","plugins":[{"name":"weave","type":"weave-net"}]}\n',
    );
    await lab.node.write('/etc/cni/net.d/10-flannel.conflist', '{"cniVersion":"0.3.1","name":"cbr0","plugins":[{"type":"flannel"}]}\n');
    await lab.node.write(
      '/var/log/kubelet.log',
      'E1122 10:00:00.000000     812 remote_runtime.go:193] "RunPodSandbox from runtime service failed" err="rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type=\\"weave-net\\" failed (add): failed to find plugin \\"weave-net\\" in path [/opt/cni/bin]"\n',
    );
  },
  show: [{ command: 'ls /etc/cni/net.d', expect: { exitStatus: 0, says: [/00-weave/] } }],
});
