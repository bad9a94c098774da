package dev.tidemark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.defs.DefinitionReader;
import dev.tidemark.defs.Definitions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PackedDefinitionsTest {
    @Test
    void theExamplesComeOutAsTheyWentIn() throws Exception {
        for (String example : new String[] {"payments", "tickers", "wiki"}) {
            Definitions definitions =
                    DefinitionReader.readDirectory(Path.of("..", "feature-defs", "examples", example));

            String packed = PackedDefinitions.pack(definitions);

            assertThat(packed).matches("[A-Za-z0-9_-]+").hasSizeLessThan(4_000);
            assertThat(PackedDefinitions.unpack(packed)).isEqualTo(definitions);
            assertThat(PackedDefinitions.pack(PackedDefinitions.unpack(packed))).isEqualTo(packed);
        }
    }

    @Test
    void viewsComeOutWithoutServices() throws Exception {
        Definitions definitions = DefinitionReader.readDirectory(Path.of("..", "feature-defs", "examples", "payments"));
        assertThat(definitions.services()).isNotEmpty();

        String views = PackedDefinitions.viewsOnly(PackedDefinitions.pack(definitions));

        assertThat(PackedDefinitions.unpack(views)).isEqualTo(definitions.only(definitions.views()));
        assertThat(PackedDefinitions.unpack(views).views()).isEqualTo(definitions.views());
        assertThat(PackedDefinitions.unpack(views).services()).isEmpty();
        assertThat(PackedDefinitions.viewsOnly(views)).isEqualTo(views);
    }

    @Test
    void whatIsDamagedIsSaidToBeSo() throws Exception {
        String packed = PackedDefinitions.pack(
                DefinitionReader.readDirectory(Path.of("..", "feature-defs", "examples", "payments")));
        for (String damaged :
                new String[] {"", "%", "AAAA", packed.substring(0, packed.length() / 2), "!" + packed.substring(1)}) {
            assertThatThrownBy(() -> PackedDefinitions.unpack(damaged))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("The packed definitions are damaged (");
        }
    }

    @Test
    void parametersTellTheViewsAndTheJar() throws Exception {
        Definitions definitions = DefinitionReader.readDirectory(Path.of("..", "feature-defs", "examples", "payments"));
        assertThat(JobParameters.of(definitions, "x.jar", JobSettings.DEFAULT))
                .containsEntry("tidemark.views", "card_activity@1,merchant_activity@1")
                .containsEntry("tidemark.jar", "x.jar")
                .containsEntry("tidemark.definitions", PackedDefinitions.pack(definitions));
        JobSettings chosen = new JobSettings(Duration.ofMillis(5), Duration.ofHours(6), Duration.ofSeconds(90));
        assertThat(JobParameters.settings(JobParameters.of(definitions, null, chosen)::get))
                .isEqualTo(chosen);
        assertThat(JobParameters.settings(name -> null)).isEqualTo(JobSettings.DEFAULT);
        assertThat(JobSettingsOptions.arguments(chosen))
                .containsExactly("--bundle", "5ms", "--corrections", "6h", "--checkpoint-interval", "90s");
        assertThat(JobSettingsOptions.arguments(JobSettings.DEFAULT)).isEmpty();
        assertThat(JobParameters.of(definitions, null, JobSettings.DEFAULT)).doesNotContainKey("tidemark.jar");
    }
}
