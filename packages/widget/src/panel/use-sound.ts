import { useState } from 'preact/hooks'
import { keepsake } from './keepsake.ts'

/** Whether the bell may ring: yes, until it is switched off. */
export function useSound(): [boolean, (isOn: boolean) => void] {
  const kept = keepsake('sound')
  const [isOn, setIsOn] = useState(() => kept.read() !== 'off')
  return [
    isOn,
    (next) => {
      setIsOn(next)
      kept.write(next ? '' : 'off')
    },
  ]
}
