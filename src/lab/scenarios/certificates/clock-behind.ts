import { defineScenario } from '../../scenario.ts';
import { listenTls, makeAuthority, makeCertificate } from '../../stages/certificates.ts';

export const scenario = defineScenario({
  id: 'clock-behind',
  title: { en: "the certificate is not valid yet by this node's clock", zh: '按本节点的时钟，证书尚未生效' },
  story: {
    en: "The certificate was made just now on a machine with the right time; this node's clock is behind, so for it the certificate lies in the future.",
    zh: '证书刚在时间正确的机器上签发；本节点时钟落后，所以证书对它来说属于未来。',
  },
  kind: 'failing',
  expects: { cause: 'clock-skew', certainty: 'likely', exitStatus: 1 },
  needs: ['openssl'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, {
      authority: 'ca',
      name: 'server',
      alternativeNames: 'DNS:rancher.example.com',
      notBefore: '20600101000000Z',
      notAfter: '20610101000000Z',
    });
    await lab.addAddress('10.240.0.10');
    await listenTls(lab.network, lab.node, { title: 'rancher', port: 443, address: '10.240.0.10', certificate: 'server' });
  },
  show: [
    {
      command: 'curl -sS --cacert /var/lib/culprit-lab/certificates/ca.crt https://rancher.example.com/',
      expect: { exitStatus: 60, says: [/not yet valid/] },
    },
    { command: 'date -u' },
    {
      command:
        'openssl s_client -connect rancher.example.com:443 -servername rancher.example.com </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName',
      expect: { exitStatus: 0 },
    },
  ],
});
