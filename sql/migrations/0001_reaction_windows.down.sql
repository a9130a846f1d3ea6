DROP VIEW IF EXISTS ovation.reactions;
DROP TABLE IF EXISTS ovation.reaction_windows;
