import { startKubelet } from '../../stages/kubelet.ts';
import { podLog } from '../../stages/pods.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-coredns-log',
  title: { en: 'CoreDNS with the usual noise of its start', zh: 'CoreDNS 启动时的常见噪音' },
  story: {
    en: 'It waits for the API for a second and then serves.',
    zh: '它等待 API 一秒后即开始服务。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await podLog(lab, 'coredns-5d78c9869d-abcde', 'coredns', [
      '[INFO] plugin/kubernetes: waiting for Kubernetes API before starting server',
      '.:53',
      '[INFO] plugin/reload: Running configuration SHA512 = 591cf328cccc12bc490481273e738df59329c62c0b729d94e8b61db9961c2fa5',
      'CoreDNS-1.10.1',
    ]);
  },
  show: [{ command: 'cat /var/log/pods/*/coredns/0.log', expect: { exitStatus: 0, says: [/CoreDNS/] } }],
});
