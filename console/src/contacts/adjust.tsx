import { Alert, Button, Group, Modal, NumberInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { points, told } from "../api/client";
import { fieldsOf, restOf } from "../shell/problems";

/** Points given by hand, or taken. Asked twice, it is done once. */
export function Adjust({ contactId, onClose }: { contactId: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [once] = useState(() => crypto.randomUUID());
  const form = useForm<{ delta: number | string; reason: string }>({
    initialValues: { delta: 10, reason: "" },
    validate: {
      delta: (delta) => (Number(delta) ? null : "How many? -5 takes five"),
      reason: (reason) => (reason.trim() ? null : "For whoever asks later why the score is what it is"),
    },
  });
  const adjusting = useMutation({
    mutationFn: ({ delta, reason }: typeof form.values) =>
      told(
        points.POST("/contacts/{contact_id}/adjustments", {
          params: { path: { contact_id: contactId }, header: { "idempotency-key": once } },
          body: { delta: Number(delta), reason },
        }),
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["contacts", contactId] });
      onClose();
    },
    onError: (error) => form.setErrors(fieldsOf(error)),
  });
  const rest = restOf(adjusting.error, ["delta", "reason"]);
  return (
    <Modal opened onClose={onClose} title="Give or take points">
      <form onSubmit={form.onSubmit((values) => adjusting.mutate(values))}>
        <Stack gap="sm">
          {rest && <Alert color="red" title={rest} role="alert" />}
          <NumberInput
            label="Points"
            description="A minus takes them. Thresholds that are reached by it are crossed"
            allowDecimal={false}
            data-autofocus
            {...form.getInputProps("delta")}
          />
          <TextInput label="Why" maxLength={500} {...form.getInputProps("reason")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={adjusting.isPending}>
              {Number(form.values.delta) < 0 ? "Take" : "Give"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
