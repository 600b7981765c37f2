import { defineScenario } from '../../scenario.ts';
import { listenTls, makeAuthority, makeCertificate } from '../../stages/certificates.ts';

export const scenario = defineScenario({
  id: 'cert-expired',
  title: { en: "the server's certificate has expired", zh: '服务端证书已过期' },
  story: {
    en: 'The certificate ran out a month ago and nobody renewed it.',
    zh: '证书一个月前到期，没有人续期。',
  },
  kind: 'failing',
  expects: { cause: 'cert-expired', certainty: 'likely', exitStatus: 1 },
  needs: ['openssl'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, {
      authority: 'ca',
      name: 'server',
      alternativeNames: 'DNS:rancher.example.com',
      notBefore: '20200101000000Z',
      notAfter: '20210101000000Z',
    });
    await lab.addAddress('10.240.0.10');
    await listenTls(lab.network, lab.node, { title: 'rancher', port: 443, address: '10.240.0.10', certificate: 'server' });
  },
  show: [
    {
      command: 'curl -sS --cacert /var/lib/culprit-lab/certificates/ca.crt https://rancher.example.com/',
      expect: { exitStatus: 60, says: [/expired/] },
    },
    { command: 'date -u' },
    {
      command:
        'openssl s_client -connect rancher.example.com:443 -servername rancher.example.com </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName',
      expect: { exitStatus: 0 },
    },
  ],
});
