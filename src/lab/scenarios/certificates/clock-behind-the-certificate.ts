import { CERTIFICATES, makeAuthority, makeCertificate } from '../../stages/certificates.ts';
import { startKubelet } from '../../stages/kubelet.ts';
import { podLog } from '../../stages/pods.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'clock-behind-the-certificate',
  title: { en: 'the certificate of the node lies in the future of its clock', zh: '节点证书的生效时间晚于本机时钟' },
  story: {
    en: 'The clock fell back; a certificate that was made on this very node is not valid yet.',
    zh: '时钟倒退；本节点自己签发的证书尚未生效。',
  },
  kind: 'failing',
  expects: { cause: 'clock-skew', certainty: 'possible', exitStatus: 1 },
  needs: ['openssl'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, {
      authority: 'ca',
      name: 'kube-apiserver',
      alternativeNames: 'DNS:kubernetes,IP:10.240.0.34',
      notBefore: '20600101000000Z',
      notAfter: '20610101000000Z',
    });
    await lab.node.sh(`mkdir -p /etc/kubernetes/pki; cp ${CERTIFICATES}/kube-apiserver.crt /etc/kubernetes/pki/apiserver.crt`);
    await podLog(lab, 'kube-scheduler-node1', 'kube-scheduler', [
      'E1122 10:00:01.000000       1 leaderelection.go:330] error retrieving resource lock kube-system/kube-scheduler: Get "https://10.240.0.34:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T10:00:01Z is before 2060-01-01T00:00:00Z',
    ]);
  },
  show: [{ command: 'openssl x509 -noout -startdate -in /etc/kubernetes/pki/apiserver.crt', expect: { exitStatus: 0, says: [/2060/] } }],
});
