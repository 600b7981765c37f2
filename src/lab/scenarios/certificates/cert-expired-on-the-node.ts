import { CERTIFICATES, makeAuthority, makeCertificate } from '../../stages/certificates.ts';
import { startKubelet } from '../../stages/kubelet.ts';
import { podLog } from '../../stages/pods.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'cert-expired-on-the-node',
  title: { en: 'the certificate of the API server has run out', zh: 'API server 的证书已过期' },
  story: {
    en: 'Its file is a year too old, and clients say so in their logs.',
    zh: '证书文件已过期一年，客户端日志也如此报告。',
  },
  kind: 'failing',
  expects: { cause: 'cert-expired', certainty: 'likely', exitStatus: 1 },
  needs: ['openssl'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, {
      authority: 'ca',
      name: 'kube-apiserver',
      alternativeNames: 'DNS:kubernetes,IP:10.240.0.34',
      notBefore: '20230101000000Z',
      notAfter: '20240101000000Z',
    });
    await lab.node.sh(`mkdir -p /etc/kubernetes/pki; cp ${CERTIFICATES}/kube-apiserver.crt /etc/kubernetes/pki/apiserver.crt`);
    await podLog(lab, 'kube-controller-manager-node1', 'kube-controller-manager', [
      'I1122 10:00:00.000000       1 serving.go:348] Generated self-signed cert in-memory',
      'E1122 10:00:01.000000       1 leaderelection.go:330] error retrieving resource lock kube-system/kube-controller-manager: Get "https://10.240.0.34:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T10:00:01Z is after 2024-01-01T00:00:00Z',
    ]);
  },
  show: [{ command: 'openssl x509 -noout -enddate -in /etc/kubernetes/pki/apiserver.crt', expect: { exitStatus: 0, says: [/2024/] } }],
});
