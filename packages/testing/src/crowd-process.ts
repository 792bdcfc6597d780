import type { Answer, Order } from './crowd.ts'
import { Member } from './crowd-member.ts'

const members: Member[] = []

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  process.send?.({ id, answer: obey(order) })
})
// Whoever asked for the crowd is gone.
process.on('disconnect', () => process.exit())

function obey(order: Order): Answer {
  switch (order.do) {
    case 'come':
      for (const [turn, seat] of order.seats.entries()) members.push(new Member(order.cableUrls, seat, turn))
      break
    case 'write':
      for (const member of members) member.write(order.what)
      break
    case 'come back at once':
      for (const member of members) member.comeBackAtOnce()
      break
    case 'count':
      break
    case 'show':
      return { type: 'shown', contents: members.map(({ contents }) => contents) }
  }
  return {
    type: 'counted',
    confirmed: members.filter(({ isConfirmed }) => isConfirmed).length,
    acknowledged: members.filter(({ isAcknowledged }) => isAcknowledged).length,
  }
}
