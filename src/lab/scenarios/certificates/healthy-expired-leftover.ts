import { CERTIFICATES, makeAuthority, makeCertificate } from '../../stages/certificates.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-expired-leftover',
  title: { en: 'an expired certificate that nobody uses', zh: '没有人使用的过期证书' },
  story: {
    en: 'The machine was a node once; nothing of Kubernetes runs on it any more.',
    zh: '该机器曾是节点；现在已不再运行任何 Kubernetes 组件。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['openssl'],
  target: [],
  async build(lab) {
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, {
      authority: 'ca',
      name: 'kube-apiserver',
      alternativeNames: 'DNS:kubernetes,IP:10.240.0.34',
      notBefore: '20230101000000Z',
      notAfter: '20240101000000Z',
    });
    await lab.node.sh(`mkdir -p /etc/kubernetes/pki; cp ${CERTIFICATES}/kube-apiserver.crt /etc/kubernetes/pki/apiserver.crt`);
  },
  show: [{ command: 'openssl x509 -noout -enddate -in /etc/kubernetes/pki/apiserver.crt', expect: { exitStatus: 0, says: [/2024/] } }],
});
