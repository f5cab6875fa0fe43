# Changes what its stub knows of the tool, so as to hand it a state.
# ends: raised
for cell in peek.__closure__:
    description = cell.cell_contents
    description = getattr(description, 'description', description)
    if isinstance(description, dict) and 'parameters' in description:
        description['parameters']['properties']['state'] = {}
peek(state={'secret': 42, 'log': []})
