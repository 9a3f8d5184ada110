"""Changes made in a text of either kind; only what reads that kind is loaded."""

from wizard.data.editing.changes import Changes


def edited(text: str, changes: Changes) -> str:
    """The text with the changes made; the same text when they are made already.

    Raises:
        EditProblem: A path does not fit the text.
    """
    if changes.kind == "text":
        from wizard.data.editing.in_text import edited_text

        return edited_text(text, changes)
    from wizard.data.editing.in_yaml import edited_yaml

    return edited_yaml(text, changes)
