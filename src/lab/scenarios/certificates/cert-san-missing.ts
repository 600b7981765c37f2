import { defineScenario } from '../../scenario.ts';
import { listenTls, makeAuthority, makeCertificate } from '../../stages/certificates.ts';

export const scenario = defineScenario({
  id: 'cert-san-missing',
  title: { en: 'the certificate does not carry the name that is dialled', zh: '证书不包含所访问的名字' },
  story: {
    en: 'The load balancer got a new name; the certificate knows only the old one.',
    zh: '负载均衡器有了新名字；证书只认识旧的。',
  },
  kind: 'failing',
  expects: { cause: 'cert-san-missing', certainty: 'likely', exitStatus: 1 },
  needs: ['openssl'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, { authority: 'ca', name: 'server', alternativeNames: 'DNS:old.example.com,IP:10.240.0.9' });
    await lab.addAddress('10.240.0.10');
    await listenTls(lab.network, lab.node, { title: 'rancher', port: 443, address: '10.240.0.10', certificate: 'server' });
  },
  show: [
    {
      command: 'curl -sS --cacert /var/lib/culprit-lab/certificates/ca.crt https://rancher.example.com/',
      expect: { exitStatus: 60, says: [/does not match|no alternative certificate subject name/] },
    },
    { command: 'date -u' },
    {
      command:
        'openssl s_client -connect rancher.example.com:443 -servername rancher.example.com </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName',
      expect: { exitStatus: 0 },
    },
  ],
});
