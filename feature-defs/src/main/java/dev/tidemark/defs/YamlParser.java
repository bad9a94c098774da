package dev.tidemark.defs;

import dev.tidemark.defs.YamlValue.Entry;
import dev.tidemark.defs.YamlValue.ScalarKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Turns one text of YAML (or JSON) into values with places. */
final class YamlParser {
    /** Aliases may repeat parts of a text; beyond so many values it is an attack or a mistake. */
    private static final int MOST_VALUES = 200_000;

    private static final int MOST_CHARACTERS = 4_000_000;
    private static final int DEEPEST = 50;

    private final String file;
    private final List<String> lines;
    private final Problems problems;
    private final Set<Node> open = new HashSet<>();
    private int values;

    private YamlParser(DefinitionReader.Text text, Problems problems) {
        this.file = text.name();
        this.lines = text.content().lines().toList();
        this.problems = problems;
    }

    /** The documents of a text that could be read; the empty ones are left out. */
    static List<YamlValue> parse(DefinitionReader.Text text, Problems problems) {
        return new YamlParser(text, problems).documents(text.content());
    }

    private List<YamlValue> documents(String content) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setSchema(new PlainSchema())
                .setCodePointLimit(MOST_CHARACTERS)
                .setMaxAliasesForCollections(MOST_VALUES)
                .setAllowDuplicateKeys(true)
                .build();
        List<YamlValue> documents = new ArrayList<>();
        StreamReader reader = new StreamReader(settings, content);
        try {
            Iterator<Node> nodes = new Composer(settings, new PlainParser(settings, reader));
            while (nodes.hasNext()) {
                YamlValue value = convert(nodes.next(), 0);
                if (!(value instanceof YamlValue.Scalar scalar && scalar.isNull())) {
                    documents.add(value);
                }
            }
        } catch (Unreadable e) {
            problems.report(e.place, e.reason);
        } catch (MarkedYamlEngineException e) {
            problems.report(place(e.getProblemMark()), "This is not YAML: " + reason(e) + ".");
        } catch (ReaderException e) {
            reportControlCharacter(content, e.getCodePoint());
        } catch (YamlEngineException e) {
            problems.report(new Place(file, 1, 1), "This is not YAML: " + e.getMessage() + ".");
        } catch (NumberFormatException e) {
            // The scanner reads the digits of an escape as an int.
            problems.report(place(reader.getMark()), "This is not YAML: there is no character of this number.");
        } catch (StackOverflowError e) {
            problems.report(new Place(file, 1, 1), tooDeep());
        }
        return documents;
    }

    private void reportControlCharacter(String content, int character) {
        String[] before =
                content.substring(0, Math.max(0, content.indexOf(character))).split("\r\n|\r|\n", -1);
        String last = before[before.length - 1];
        problems.report(
                new Place(file, before.length, last.codePointCount(0, last.length()) + 1),
                String.format(Locale.ROOT, "This is not YAML: the character U+%04X cannot stand here.", character),
                String.format(Locale.ROOT, "Remove it, or write \\u%04x in double quotes.", character));
    }

    private static String reason(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem()).strip();
        @Nullable String context = e.getContext();
        return context == null ? problem : context.strip() + ", " + problem;
    }

    private YamlValue convert(Node node, int depth) {
        Place place = place(node.getStartMark());
        if (++values > MOST_VALUES) {
            throw new Unreadable(place, "With its aliases resolved the file has more than " + MOST_VALUES + " values.");
        }
        if (depth > DEEPEST) {
            throw new Unreadable(place, tooDeep());
        }
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar, place);
        }
        if (!open.add(node)) {
            throw new Unreadable(place, "This value contains itself by an alias.");
        }
        YamlValue value = node instanceof SequenceNode sequence
                ? sequence(sequence, place, depth)
                : mapping((MappingNode) node, place, depth);
        open.remove(node);
        return value;
    }

    private YamlValue sequence(SequenceNode node, Place place, int depth) {
        List<YamlValue> elements = new ArrayList<>();
        for (Node element : node.getValue()) {
            elements.add(convert(element, depth + 1));
        }
        return new YamlValue.Sequence(place, elements);
    }

    private YamlValue mapping(MappingNode node, Place place, int depth) {
        List<Entry> entries = new ArrayList<>();
        for (NodeTuple tuple : node.getValue()) {
            Place keyPlace = place(tuple.getKeyNode().getStartMark());
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                entries.add(new Entry(keyPlace, key.getValue(), convert(tuple.getValueNode(), depth + 1)));
            } else {
                throw new Unreadable(keyPlace, "The name of a field must be a plain text, not a list or a mapping.");
            }
        }
        return new YamlValue.Mapping(place, entries);
    }

    private YamlValue scalar(ScalarNode node, Place place) {
        if (node.getTag().getValue().startsWith("!")) {
            String text = node.getTag().getValue() + node.getValue();
            problems.report(
                    place,
                    "YAML takes '" + node.getTag().getValue() + "' for a tag.",
                    "Put it in quotes: \"" + text + "\".");
            return new YamlValue.Scalar(place, text, ScalarKind.STRING, new ScalarLayout(place, false));
        }
        if (hasHalfOfAPair(node.getValue())) {
            problems.report(place, "The text has half of a surrogate pair, which is no character.", "Remove it.");
        }
        ScalarLayout layout = ScalarLayout.of(lines, place, node.getValue(), node.getScalarStyle());
        return new YamlValue.Scalar(place, node.getValue(), kind(node.getTag()), layout);
    }

    private static boolean hasHalfOfAPair(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static ScalarKind kind(Tag tag) {
        if (tag.equals(Tag.INT)) {
            return ScalarKind.INTEGER;
        } else if (tag.equals(Tag.FLOAT)) {
            return ScalarKind.NUMBER;
        } else if (tag.equals(Tag.BOOL)) {
            return ScalarKind.BOOLEAN;
        }
        return tag.equals(Tag.NULL) ? ScalarKind.NULL : ScalarKind.STRING;
    }

    private Place place(Optional<Mark> mark) {
        return mark.map(m -> new Place(file, m.getLine() + 1, m.getColumn() + 1))
                .orElse(new Place(file, 1, 1));
    }

    private static String tooDeep() {
        return "Lists and mappings are nested more than " + DEEPEST + " deep.";
    }

    /** YAML 1.2 without the merge keys of 1.1: one that merges a mapping into itself is never done. */
    private static final class PlainSchema extends CoreSchema {
        @Override
        public ScalarResolver getScalarResolver() {
            return new CoreScalarResolver(false);
        }
    }

    /** Refuses merge keys that are asked for by their tag. */
    private final class PlainParser extends ParserImpl {
        PlainParser(LoadSettings settings, StreamReader reader) {
            super(settings, reader);
        }

        @Override
        public Event next() {
            Event event = super.next();
            if (event instanceof ScalarEvent scalar
                    && scalar.getTag().filter(Tag.MERGE.getValue()::equals).isPresent()) {
                throw new Unreadable(place(scalar.getStartMark()), "There are no merge keys; write the fields out.");
            }
            return event;
        }
    }

    /** What is wrong with a text as a whole. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Place place;
        private final String reason;

        Unreadable(Place place, String reason) {
            super(reason);
            this.place = place;
            this.reason = reason;
        }
    }
}
