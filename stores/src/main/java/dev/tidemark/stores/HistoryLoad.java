package dev.tidemark.stores;

import static java.util.stream.Collectors.joining;

import dev.tidemark.defs.DataType;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a batch gets from a temporary table, its stage, into a history table, as SQL. It is one statement, so that a program which
 * stops at any point holds no lock, and what it had not finished is undone.
 *
 * <p>Rows that are new are inserted. Only if some were there already, those are compared, and written where they differ and no
 * later epoch wrote them; replaying identical rows writes nothing, unless the live job finds those of a repair.
 */
final class HistoryLoad {
    /** The column of the stage that tells rows to be deleted. */
    static final String DELETES = "tidemark_deletes";

    /** Each row of the stage is one of few; to Postgres, which knows nothing of the stage, reading all of the history may look better. */
    private static final String BY_INDEX = "set local enable_hashjoin = off;\nset local enable_mergejoin = off;\n";

    /** While a replay lasts, rows are compared before they are inserted; the connection remembers whether it does. */
    private static final String REMEMBER =
            "perform set_config('tidemark.replay', case when done = 0 then 'on' else 'off' end, false);\n";

    /** Views choose the names of columns, and may choose that of a variable here, or FOUND, which every block has. */
    private static final String COLUMNS_FIRST = "#variable_conflict use_column\n";

    private final HistoryTable table;
    private final Epoch epoch;
    private final String stage;

    HistoryLoad(HistoryTable table, Epoch epoch) {
        this.table = table;
        this.epoch = epoch;
        this.stage = "pg_temp." + SqlName.quote("tidemark_stage");
    }

    /** Makes an empty stage, of which a connection has one. */
    List<String> stageSql() {
        return List.of(
                "drop table if exists " + stage,
                "create temporary table " + SqlName.quote("tidemark_stage") + " as select " + names(table.columns())
                        + ", false as " + DELETES + " from " + table.qualifiedName() + " with no data");
    }

    String copySql() {
        return "copy " + stage + " from stdin (format binary)";
    }

    /**
     * Moves what is in the stage, which is empty afterwards.
     *
     * @param rows how many are to be kept
     * @param deletions how many are to be deleted
     * @param first the part of the first of them all
     * @param last the part of the last
     */
    String moveSql(int rows, int deletions, HistoryPartition first, HistoryPartition last) {
        String range = first.condition("t.valid_from", last);
        StringBuilder sql = new StringBuilder("do $tidemark$\n").append(COLUMNS_FIRST);
        sql.append("declare done bigint := 0;\nbegin\n");
        sql.append(Fence.checkSql(epoch));
        if (deletions > 0) {
            sql.append(BY_INDEX).append(deleteSql(range));
        }
        if (rows > 0) {
            String some = "if done < " + rows + " then\n";
            sql.append("if current_setting('tidemark.replay', true) = 'on' then\n");
            sql.append(BY_INDEX).append(countSql(range)).append("end if;\n");
            sql.append(some).append(insertSql()).append("get diagnostics done = row_count;\n");
            sql.append(some)
                    .append(BY_INDEX)
                    .append(updateSql(range))
                    .append("end if;\n")
                    .append(REMEMBER)
                    .append("end if;\n");
        }
        return sql.append("truncate ").append(stage).append(";\nend $tidemark$").toString();
    }

    private String deleteSql(String range) {
        return "delete from " + table.qualifiedName() + " t using " + stage + " s where s." + DELETES + " and "
                + matches() + range + ";\n";
    }

    private String insertSql() {
        String staged =
                table.columns().stream().map(column -> "s." + column.quoted()).collect(joining(", "));
        return "insert into " + table.qualifiedName() + " (" + names(table.columns()) + ", tidemark_epoch) select "
                + staged + ", " + epoch.number() + " from " + stage + " s where not s." + DELETES
                + " on conflict do nothing;\n";
    }

    private String updateSql(String range) {
        List<HistoryTable.Column> values = table.valueColumns();
        String sets = values.stream()
                .map(column -> column.quoted() + " = s." + column.quoted() + ", ")
                .collect(joining());
        return "update " + table.qualifiedName() + " t set " + sets + "tidemark_epoch = " + epoch.number() + " from "
                + stage + " s where not s." + DELETES + " and " + matches() + range + " and (" + differs() + ");\n";
    }

    /** Counts the rows that are there already, to the bit. */
    private String countSql(String range) {
        return "select count(*) into done from " + stage + " s join " + table.qualifiedName() + " t on " + sameKey()
                + range + " where not s." + DELETES + " and not (" + differs() + ");\n";
    }

    /** True of rows of repairs as well, for the live job: they become its own, even if they are the same, so that no later repair changes them. */
    private String differs() {
        String values = table.valueColumns().stream().map(HistoryLoad::differs).collect(joining(" or "));
        return epoch.writer().line() == Writer.Line.LIVE ? values + " or t.tidemark_epoch < 0" : values;
    }

    /** True if and only if the bits differ: json has no equality, and a double's zeros are equal whatever their sign. */
    private static String differs(HistoryTable.Column column) {
        String left = "t." + column.quoted();
        String right = "s." + column.quoted();
        if (column.type() instanceof DataType.ListOf) {
            return left + "::text is distinct from " + right + "::text";
        }
        String different = left + " is distinct from " + right;
        return column.type() == DataType.DOUBLE
                ? different + " or coalesce(" + left + " = 0 and float8send(" + left + ") <> float8send(" + right
                        + "), false)"
                : different;
    }

    /** The same row, and not one that a later epoch wrote. */
    private String matches() {
        return sameKey() + " and t.tidemark_epoch <= " + epoch.number();
    }

    private String sameKey() {
        return Stream.concat(table.keys().stream().map(HistoryTable.Column::quoted), Stream.of("valid_from"))
                .map(name -> "t." + name + " = s." + name)
                .collect(joining(" and "));
    }

    private static String names(List<HistoryTable.Column> columns) {
        return columns.stream().map(HistoryTable.Column::quoted).collect(joining(", "));
    }
}
