import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import { largestFile } from './project.js';

export interface Certificates {
  /** The CERTIFICATE blocks alone, each once, one behind the other. */
  readonly pem: string;
  readonly count: number;
  /** What is odd but no reason to refuse: an expired certificate, one that is no CA. */
  readonly warnings: readonly string[];
}

/** Reads a PEM file of the user's. @throws UserError where it cannot be read or holds anything but certificates. */
export function readCertificates(path: string, shown: string): Certificates {
  return parseCertificates(readText(path, shown), shown);
}

/**
 * Takes the certificates out of PEM text; comments between the blocks are left out. A private key is refused, so that
 * none gets into an image by mistake.
 *
 * @throws UserError where there is no certificate, a broken one, or another kind of block. `shown` names the file.
 */
export function parseCertificates(text: string, shown: string, now = new Date()): Certificates {
  const blocks = new Map<string, X509Certificate>();
  const begin = /-----BEGIN ([^\r\n]*?)-----/g;
  for (let found = begin.exec(text); found; found = begin.exec(text)) {
    const label = found[1] ?? '';
    if (label !== 'CERTIFICATE')
      throw new UserError(
        `${shown}: line ${lineOf(text, found.index)} begins ${describeBlock(label)}; give a file with CERTIFICATE blocks only`,
      );
    const body = /^[A-Za-z0-9+/=\s]*/.exec(text.slice(begin.lastIndex))?.[0] ?? '';
    const end = begin.lastIndex + body.length;
    if (!text.startsWith('-----END CERTIFICATE-----', end))
      throw new UserError(`${shown}: the certificate on line ${lineOf(text, found.index)} has no end`);
    const certificate = parse(body, shown, lineOf(text, found.index));
    blocks.set(certificate.fingerprint256, certificate);
    begin.lastIndex = end;
  }
  if (blocks.size === 0)
    throw new UserError(
      `${shown} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----); one in DER form is converted with: openssl x509 -inform der -in FILE`,
    );
  const certificates = [...blocks.values()];
  return {
    pem: certificates.map(toPem).join(''),
    count: certificates.length,
    warnings: certificates.flatMap((certificate) => judge(certificate, shown, now)),
  };
}

function readText(path: string, shown: string): string {
  try {
    const status = statSync(path);
    if (!status.isFile()) throw new UserError(`${shown} is not a regular file`);
    if (status.size > largestFile) throw new UserError(`${shown} is too large for a file of certificates`);
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw new UserError(`${shown} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`, {
      cause: error,
    });
  }
}

function describeBlock(label: string): string {
  return /PRIVATE KEY/.test(label)
    ? 'a private key, which must never get into an image'
    : `a ${printable(label).slice(0, 40)} block`;
}

function parse(body: string, shown: string, line: number): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(body, 'base64'));
  } catch (cause) {
    throw new UserError(`${shown}: the certificate on line ${line} cannot be read`, { cause });
  }
}

/** Our own encoding of the certificate's bytes: nothing of the file but them gets through. */
function toPem(certificate: X509Certificate): string {
  const lines = certificate.raw.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function judge(certificate: X509Certificate, shown: string, now: Date): string[] {
  const subject = printable(certificate.subject.replaceAll('\n', ', '));
  const warnings: string[] = [];
  if (new Date(certificate.validTo) < now)
    warnings.push(`${shown}: ${subject} expired on ${certificate.validTo}`);
  if (new Date(certificate.validFrom) > now)
    warnings.push(`${shown}: ${subject} is not valid before ${certificate.validFrom}`);
  if (!certificate.ca) warnings.push(`${shown}: ${subject} is not marked as a certificate authority`);
  return warnings;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
