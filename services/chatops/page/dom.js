/** Makes an element. Children are elements or text; text is always a text node, never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(
    ...children.filter((child) => child !== null).map((child) => (child instanceof Node ? child : String(child))),
  );
  return made;
}

/** Shows one thing in a place, and says so to people who hear the page. */
export function show(place, ...children) {
  place.replaceChildren(...children);
}
