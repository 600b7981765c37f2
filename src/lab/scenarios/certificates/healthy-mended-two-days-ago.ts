import { defineScenario } from '../../scenario.ts';
import { CERTIFICATES, makeAuthority, makeCertificate } from '../../stages/certificates.ts';
import { startKubelet } from '../../stages/kubelet.ts';
import { podLog } from '../../stages/pods.ts';

export const scenario = defineScenario({
  id: 'healthy-mended-two-days-ago',
  title: { en: 'a log that remembers an expired certificate', zh: '日志中仍记录着早先的证书过期' },
  story: {
    en: 'The certificate was renewed two days ago; the component has worked since, and its log still has the old lines.',
    zh: '证书两天前已更新；此后组件一直正常，而日志中仍有旧的报错。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['openssl'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, { authority: 'ca', name: 'kube-apiserver', alternativeNames: 'DNS:kubernetes,IP:10.240.0.34' });
    await lab.node.sh(`mkdir -p /etc/kubernetes/pki; cp ${CERTIFICATES}/kube-apiserver.crt /etc/kubernetes/pki/apiserver.crt`);
    await podLog(
      lab,
      'kube-controller-manager-node1',
      'kube-controller-manager',
      ['I1122 10:00:00.000000       1 leaderelection.go:260] successfully acquired lease kube-system/kube-controller-manager'],
      [
        'E1120 10:00:01.000000       1 leaderelection.go:330] error retrieving resource lock kube-system/kube-controller-manager: Get "https://10.240.0.34:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-20T10:00:01Z is after 2026-11-19T00:00:00Z',
      ],
    );
  },
  show: [{ command: 'grep -c "has expired" /var/log/pods/*/kube-controller-manager/0.log', expect: { exitStatus: 0, says: [/1/] } }],
});
