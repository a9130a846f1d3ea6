DROP VIEW IF EXISTS ovation.reactions_by_hour;
DROP VIEW IF EXISTS ovation.reactions_by_minute;
DROP TABLE IF EXISTS ovation.reaction_hours;
DROP TABLE IF EXISTS ovation.reaction_minutes;
