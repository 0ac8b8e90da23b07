import { useEffect, useRef, useState } from 'react'
import { onProveAgain } from './api.ts'
import { ProveFactor } from './entry/factor.tsx'
import { Dialog } from './parts.tsx'

/** Asks for a factor where something needs one that was proved just now. */
export function StepUp() {
  const [isOpen, setOpen] = useState(false)
  const answer = useRef<((proved: boolean) => void) | null>(null)
  useEffect(() => {
    onProveAgain(() => {
      setOpen(true)
      return new Promise((resolve) => (answer.current = resolve))
    })
    return () => onProveAgain(null)
  }, [])
  const end = (proved: boolean) => {
    answer.current?.(proved)
    answer.current = null
    setOpen(false)
  }
  if (!isOpen) return null
  return (
    <Dialog title="Prove that it is you" close={() => end(false)}>
      <p>
        This needs a factor that was proved within the last ten minutes. It is done right after.
      </p>
      <ProveFactor done={() => end(true)} says="Prove it" />
    </Dialog>
  )
}
