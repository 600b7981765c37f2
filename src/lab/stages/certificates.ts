/** Certificates made with openssl inside the lab host, and a TLS server that shows them. */
import { LAB_FOLDER, type Daemon, type LabHost } from '../namespace-host.ts';
import { nodeProgram } from '../programs/node-program.ts';
import { tlsListener, type TlsListenerOptions } from '../programs/tls-listener.ts';

export const CERTIFICATES = `${LAB_FOLDER}/certificates`;

/** An authority: NAME.crt and NAME.key in CERTIFICATES. Gives the path of the certificate. */
export const makeAuthority = async (host: LabHost, name: string): Promise<string> => {
  await host.sh(
    `mkdir -p ${CERTIFICATES}; cd ${CERTIFICATES}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$1" -keyout "$1.key" -out "$1.crt" 2>/dev/null`,
    name,
  );
  return `${CERTIFICATES}/${name}.crt`;
};

export interface CertificateOptions {
  readonly authority: string;
  readonly name: string;
  /** DNS:a,IP:10.0.0.1 */
  readonly alternativeNames: string;
  /** YYYYMMDDHHMMSSZ; default: from yesterday, for a year. */
  readonly notBefore?: string;
  readonly notAfter?: string;
}

/** A certificate of that authority: NAME.crt and NAME.key. `openssl ca` is the one command that takes both dates. */
export const makeCertificate = async (host: LabHost, options: CertificateOptions): Promise<void> => {
  await host.sh(
    `cd ${CERTIFICATES}
authority=$1; name=$2; san=$3
start=\${4:-$(date -u -d '1 day ago' +%Y%m%d%H%M%SZ)}; end=\${5:-$(date -u -d '1 year' +%Y%m%d%H%M%SZ)}
mkdir -p db; : > db/index.txt; echo 01 > db/serial
printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=db/index.txt\\nserial=db/serial\\nnew_certs_dir=db\\ndefault_md=sha256\\npolicy=p\\nunique_subject=no\\n[p]\\ncommonName=supplied\\n' > ca.cnf
printf 'subjectAltName=%s\\n' "$san" > ext.cnf
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$name" -keyout "$name.key" -out "$name.csr" 2>/dev/null
openssl ca -batch -notext -config ca.cnf -cert "$authority.crt" -keyfile "$authority.key" -in "$name.csr" -out "$name.crt" -extfile ext.cnf -startdate "$start" -enddate "$end" 2>/dev/null`,
    options.authority,
    options.name,
    options.alternativeNames,
    options.notBefore ?? '',
    options.notAfter ?? '',
  );
};

/** An HTTPS server with certificate NAME, on the host given; the certificate is copied there when it is another one. */
export const listenTls = async (
  host: LabHost,
  madeOn: LabHost,
  options: Omit<TlsListenerOptions, 'cert' | 'key'> & { readonly certificate: string },
): Promise<Daemon> => {
  const [cert, key] = await Promise.all([
    madeOn.sh('cat "$1"', `${CERTIFICATES}/${options.certificate}.crt`),
    madeOn.sh('cat "$1"', `${CERTIFICATES}/${options.certificate}.key`),
  ]);
  const hex = options.port.toString(16).toUpperCase().padStart(4, '0');
  return host.start(`${options.title}-tls`, nodeProgram(tlsListener, { ...options, cert, key }), {
    ready: `cat /proc/net/tcp /proc/net/tcp6 | grep -q ':${hex} [0-9A-F]*:0000 0A'`,
  });
};
