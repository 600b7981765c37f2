import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'proxy-of-kubelet',
  title: { en: "kubelet's proxy catches its calls to the API server", zh: 'kubelet 的代理拦截了发往 API server 的请求' },
  story: {
    en: 'HTTPS_PROXY stands in its environment, and NO_PROXY leaves out the API server.',
    zh: '其环境中设置了 HTTPS_PROXY，而 NO_PROXY 未包含 API server。',
  },
  kind: 'failing',
  expects: { cause: 'proxy-catches-internal-traffic', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab, { env: { HTTPS_PROXY: 'http://10.240.0.60:3128', NO_PROXY: 'localhost,127.0.0.1,.svc' } });
    await lab.node.write(
      '/etc/kubernetes/kubelet.conf',
      'apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster:\n    server: https://10.240.0.10:6443\n',
    );
  },
  show: [
    { command: 'tr "\\0" "\\n" < /proc/$(pgrep -x kubelet)/environ | grep -i proxy', expect: { exitStatus: 0, says: [/HTTPS_PROXY/] } },
  ],
});
