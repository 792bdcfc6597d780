import { expect, test } from './host-page.ts'
import { scrollUp } from './people.ts'

const HISTORY = Array.from({ length: 130 }, (_, number) => `message number ${number + 1}`)

test('older messages load on scrolling up, and what is being read stays where it is', async ({ guest }) => {
  const alice = await guest({ before: (guest) => guest.wrote(...HISTORY) })
  await alice.open()
  const { log } = alice
  const shown = (number: number) => log.getByText(`message number ${number}`, { exact: true })
  await expect(shown(130)).toBeInViewport()
  await expect(shown(80)).toHaveCount(0)
  // What is far above is not even drawn until someone scrolls there.
  await expect(shown(90)).toHaveCount(0)

  for (const [read, oldest] of [
    [118, 81],
    [83, 31],
    [33, 1],
  ] as const) {
    const drift = await log.evaluate(
      async (box, [read, oldest]) => {
        const find = (number: number) =>
          [...box.querySelectorAll('p')].find((text) => text.textContent === `message number ${number}`)
        // In the log: the panel itself may still be sliding up.
        const y = () =>
          (find(read)?.getBoundingClientRect().top ?? Number.NaN) - box.getBoundingClientRect().top
        box.scrollTo({ top: 100, behavior: 'instant' })
        const before = y()
        const drifts: number[] = []
        // Until the older ones are there, and some frames longer.
        for (let left = 20; left > 0; left -= find(oldest) ? 1 : 0) {
          await new Promise(requestAnimationFrame)
          drifts.push(Math.abs(y() - before))
        }
        return Math.max(...drifts)
      },
      [read, oldest] as const,
    )
    expect(drift).toBeLessThanOrEqual(2)
  }
  await expect(log.getByText('This is where your conversation began.')).toBeAttached()
  await expect(log.getByRole('listitem').filter({ hasText: /^message number/ })).toHaveCount(130)
})

test('[P5] a reply comes into view only for who is at the end; else a pill leads to it, and it stays unread', async ({
  guest,
}) => {
  const alice = await guest({ before: (guest) => guest.wrote(...HISTORY.slice(0, 30)) })
  await alice.open()
  const { log, panel, page } = alice
  const pill = panel.getByRole('button', { name: 'New messages' })
  await alice.reply('at the end')
  await expect(log.getByText('at the end')).toBeInViewport()
  await expect(pill).toHaveCount(0)
  await expect.poll(async () => (await alice.summary()).unread_count).toBe(0)

  await scrollUp(log)
  await alice.reply('out of sight')
  await expect(pill).toBeVisible()
  await expect(log.getByText('out of sight')).not.toBeInViewport()
  expect((await alice.summary()).unread_count).toBe(1)
  await pill.click()
  await expect(log.getByText('out of sight')).toBeInViewport()
  await expect(pill).toHaveCount(0)
  await expect(log).toBeFocused()
  await expect.poll(async () => (await alice.summary()).unread_count).toBe(0)

  await scrollUp(log)
  await alice.reply('scrolled to')
  await expect(pill).toBeVisible()
  await page.keyboard.press('End')
  await expect(pill).toHaveCount(0)

  await scrollUp(log)
  await alice.say('my own comes into view')
  await expect(log.getByText('my own')).toBeInViewport()
})

test('[P5] every reply that opening reads is there to be read', async ({ guest }) => {
  const replies = Array.from({ length: 40 }, (_, number) => `reply number ${number + 1}`)
  const alice = await guest({
    before: async (guest) => {
      await guest.wrote('a question')
      await guest.reply(...replies)
    },
  })
  await alice.open()
  await expect(alice.log.getByRole('listitem').filter({ hasText: /^reply number/ })).toHaveCount(40)
  await expect.poll(async () => (await alice.summary()).unread_count).toBe(0)
})

test('[P5] unread replies that opening reads are there also above much that the user wrote since', async ({
  guest,
}) => {
  const alice = await guest({
    before: async (guest) => {
      await guest.reply('the first reply', 'the second reply')
      await guest.wrote(...Array.from({ length: 30 }, (_, number) => `question ${number + 1}`))
    },
  })
  await alice.open()
  await expect(alice.log.getByText('question 30', { exact: true })).toBeInViewport()
  await expect(alice.log.getByText('the first reply')).toBeAttached()
  await expect(alice.log.getByText('the second reply')).toBeAttached()
})

test('only what support writes is read out, once', async ({ guest }) => {
  const alice = await guest({ before: (guest) => guest.wrote('long ago') })
  await alice.open()
  const { log, panel } = alice
  await expect(log.getByText('long ago')).toBeVisible()
  await expect(log).toHaveAttribute('aria-live', 'off')
  const announcer = panel.locator('.page > [aria-live="polite"]')
  const said = await announcer.evaluateHandle((element) => {
    const texts: string[] = []
    new MutationObserver(() => texts.push(element.textContent)).observe(element, {
      characterData: true,
      childList: true,
      subtree: true,
    })
    return texts
  })
  await alice.say('my own words')
  await expect(log.getByText('Sent')).toHaveCount(1)
  await alice.reply('Hello there')
  await expect(announcer).toHaveText('Sam: Hello there')
  await expect(announcer).toBeEmpty()
  expect(await said.evaluate((texts) => texts.filter(Boolean))).toEqual(['Sam: Hello there'])
})
