import { CERTIFICATES, makeAuthority, makeCertificate } from '../../stages/certificates.ts';
import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-certificates',
  title: { en: 'certificates that are valid', zh: '有效的证书' },
  story: {
    en: 'The files of the node are in their term, and the clock agrees.',
    zh: '节点上的证书都在有效期内，时钟也一致。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['openssl'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, {
      authority: 'ca',
      name: 'kube-apiserver',
      alternativeNames: 'DNS:kubernetes,IP:10.240.0.34',
    });
    await lab.node.sh(`mkdir -p /etc/kubernetes/pki; cp ${CERTIFICATES}/kube-apiserver.crt /etc/kubernetes/pki/apiserver.crt`);
  },
  show: [{ command: 'openssl x509 -noout -checkend 0 -in /etc/kubernetes/pki/apiserver.crt', expect: { exitStatus: 0 } }],
});
