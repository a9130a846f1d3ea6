"""The names and shapes that the programs of Ovation share: declared once here, imported everywhere else.

Nothing here imports a third party, so that a gateway, a Flink worker and a tool can all use it.
"""
