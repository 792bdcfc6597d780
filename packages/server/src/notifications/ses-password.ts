import { createHmac } from 'node:crypto'

/**
 * The SMTP password of Amazon SES for a secret access key and a region, by the chain of HMACs that
 * docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html gives.
 */
export function sesPassword(secret: string, region: string): string {
  const date = '11111111'
  const steps = [date, region, 'ses', 'aws4_request', 'SendRawEmail']
  const signature = steps.reduce(
    (key: Buffer, step) => createHmac('sha256', key).update(step).digest(),
    Buffer.from(`AWS4${secret}`),
  )
  return Buffer.concat([Buffer.from([4]), signature]).toString('base64')
}
