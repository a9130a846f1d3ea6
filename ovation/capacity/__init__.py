"""How many machines a crowd needs: by formulae, from what the bench has measured, and by a simulation beside them."""
