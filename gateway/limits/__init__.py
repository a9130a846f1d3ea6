"""How much one caller may ask for, exact for each gateway by itself: no limit needs Redis or another gateway."""
