import { startKubelet } from '../../stages/kubelet.ts';
import { podLog } from '../../stages/pods.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'cert-key-file-missing',
  title: { en: 'a certificate file is not there', zh: '证书文件不存在' },
  story: {
    en: 'The component ends at its start: the file that its flag names was never deployed.',
    zh: '组件在启动时退出：其参数所指的文件从未部署。',
  },
  kind: 'failing',
  expects: { cause: 'cert-key-permissions-or-missing', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await podLog(lab, 'kube-apiserver-node1', 'kube-apiserver', [
      'I1122 10:00:00.000000       1 server.go:551] external host was not specified, using 10.240.0.34',
      'E1122 10:00:00.100000       1 run.go:74] "command failed" err="open /etc/kubernetes/ssl/kube-apiserver.pem: no such file or directory"',
    ]);
  },
  show: [{ command: 'cat /var/log/pods/*/kube-apiserver/0.log', expect: { exitStatus: 0, says: [/no such file/] } }],
});
