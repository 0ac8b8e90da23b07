// Shows what the collectors find after an act, for as long as the tour says that they look.
const wait = () => new Promise((resolve) => setTimeout(resolve, 2000))

async function refresh() {
  const answer = await fetch('/')
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const name of ['main', 'footer']) {
    const [old, fresh] = [document.querySelector(name), page.querySelector(name)]
    if (old.innerHTML === fresh.innerHTML) continue
    // Whoever is at a button stays there.
    const at = document.activeElement?.closest('li')?.id
    old.replaceChildren(...fresh.childNodes)
    if (at) document.getElementById(at)?.querySelector('button')?.focus({ preventScroll: true })
  }
}

while (document.getElementById('looking:')) {
  await wait()
  await refresh()
}
